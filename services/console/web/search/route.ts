import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

const recherche = createRoute({
  getParentRoute: () => frame,
  path: '/recherche',
  validateSearch: (search: Record<string, unknown>): { texte: string } => ({
    texte: searchText(search.texte).trim().slice(0, 100),
  }),
  component: lazy(async () => ({ default: (await import('./found-page.tsx')).FoundPage })),
});

export const searchRoutes = [recherche] as const;
