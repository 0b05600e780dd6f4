import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { noonOf, today } from '../paris-day.ts';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

/** By what the lines of the balance are grouped; the first one if nothing is said. */
export const GROUPS = ['client', 'responsable', 'societe'] as const;
/** The columns of the balance, by which it can be sorted. */
export const BALANCE_COLUMNS = [
  'nom',
  'nonEchu',
  'retard130',
  'retard3160',
  'retard6190',
  'retardPlus90',
  'total',
] as const;

/** What the address of the page says: it is the view. */
export type ClientsSearch = {
  /** Of the list. */
  texte?: string;
  responsable?: string;
  /** Else the list. */
  vue?: 'balance';
  /** Of the balance; today if nothing is said. */
  date?: string;
  par?: (typeof GROUPS)[number];
  /** The total if nothing is said. */
  tri?: (typeof BALANCE_COLUMNS)[number];
  croissant?: boolean;
};

const clients = createRoute({
  getParentRoute: () => frame,
  path: '/clients',
  validateSearch: (search: Record<string, unknown>): ClientsSearch => {
    const par = GROUPS.find((one) => one === search.par);
    const tri = BALANCE_COLUMNS.find((one) => one === search.tri);
    return {
      ...(searchText(search.texte) && { texte: searchText(search.texte).slice(0, 100) }),
      ...(searchText(search.responsable) && { responsable: searchText(search.responsable) }),
      ...(search.vue === 'balance' && { vue: 'balance' }),
      ...(isPastDay(searchText(search.date)) && { date: searchText(search.date) }),
      ...(par && { par }),
      ...(tri && { tri }),
      ...(search.croissant === true && { croissant: true }),
    };
  },
  component: lazy(async () => ({ default: (await import('./clients-page.tsx')).ClientsPage })),
});

export const clientsRoutes = [clients] as const;

/** Whether it is a day that exists, until today. While somebody writes a year, it is one of long ago. */
export function isPastDay(text: string): boolean {
  if (!/^(19|20)\d\d-\d\d-\d\d$/.test(text) || text > today()) return false;
  const noon = noonOf(text);
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(text);
}
