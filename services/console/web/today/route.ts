import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

/** What the address of Aujourd'hui says: a view can be kept as a bookmark. */
export type TodaySearch = {
  org?: string;
  jours?: 1 | 7 | 30;
  genres?: number[];
  client?: string;
  responsable?: string;
  montant?: number;
  retenues?: boolean;
  /** The user whose tasks are shown. */
  assigne?: string;
};

/** What is empty goes out of the address. */
export type TodayChanges = { [K in keyof TodaySearch]: TodaySearch[K] | undefined };

const aujourdhui = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: (search: Record<string, unknown>): TodaySearch => ({
    ...(typeof search.org === 'string' && search.org && { org: search.org }),
    ...((search.jours === 1 || search.jours === 30) && { jours: search.jours }),
    ...(Array.isArray(search.genres) && {
      genres: search.genres.filter((genre): genre is number => Number.isInteger(genre)),
    }),
    ...(searchText(search.client) && { client: searchText(search.client) }),
    ...(searchText(search.responsable) && { responsable: searchText(search.responsable) }),
    ...(typeof search.montant === 'number' && search.montant > 0 && { montant: search.montant }),
    ...(searchText(search.assigne) && { assigne: searchText(search.assigne) }),
    ...(search.retenues === true && { retenues: true }),
  }),
  component: lazy(async () => ({ default: (await import('./today-page.tsx')).TodayPage })),
});

export const todayRoutes = [aujourdhui] as const;
