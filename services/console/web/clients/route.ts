import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

/** What the address of the list says: it is the view. */
export type ClientsSearch = { texte?: string; responsable?: string };

const clients = createRoute({
  getParentRoute: () => frame,
  path: '/clients',
  validateSearch: (search: Record<string, unknown>): ClientsSearch => ({
    ...(searchText(search.texte) && { texte: searchText(search.texte).slice(0, 100) }),
    ...(searchText(search.responsable) && { responsable: searchText(search.responsable) }),
  }),
  component: lazy(async () => ({ default: (await import('./clients-page.tsx')).ClientsPage })),
});

export const clientsRoutes = [clients] as const;
