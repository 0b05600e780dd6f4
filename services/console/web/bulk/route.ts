import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

/** What the address of the page says: which follow-ups are listed. What is left out is no condition. */
export type BulkSearch = {
  org?: string;
  /** Retries of debits instead of reminders. */
  suivi?: 'reessais';
  statut?: number;
  niveau?: number;
  client?: string;
  responsable?: string;
  /** In euros. */
  montant?: number;
  /** Days since the due date. */
  retard?: number;
  motif?: string;
  /** Only those whose instant has passed. */
  enRetard?: boolean;
};

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && value > 0 ? value : undefined;

const lots = createRoute({
  getParentRoute: () => frame,
  path: '/actions-groupees',
  validateSearch: (search: Record<string, unknown>): BulkSearch =>
    withoutEmpty({
      org: searchText(search.org),
      suivi: search.suivi === 'reessais' ? ('reessais' as const) : undefined,
      statut: positive(search.statut),
      niveau: positive(search.niveau),
      client: searchText(search.client),
      responsable: searchText(search.responsable),
      montant: positive(search.montant),
      retard: positive(search.retard),
      motif: searchText(search.motif),
      enRetard: search.enRetard === true,
    }),
  component: lazy(async () => ({ default: (await import('./bulk-page.tsx')).BulkPage })),
});

/** What is empty goes out of the address. */
export const withoutEmpty = (search: { [K in keyof BulkSearch]: BulkSearch[K] | undefined }): BulkSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => Boolean(value)));

export const bulkRoutes = [lots] as const;
