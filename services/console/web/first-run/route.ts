import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

const demarrage = createRoute({
  getParentRoute: () => frame,
  path: '/demarrage',
  validateSearch: (search: Record<string, unknown>): { org?: string } => ({
    ...(searchText(search.org) && { org: searchText(search.org) }),
  }),
  component: lazy(async () => ({ default: (await import('./first-run-page.tsx')).FirstRunPage })),
});

export const firstRunRoutes = [demarrage] as const;
