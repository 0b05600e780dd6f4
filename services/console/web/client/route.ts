import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { KINDS, type Kind } from './kinds.ts';

/** What is shown of the timeline: kinds, and one invoice by its number. */
export type ClientSearch = { voir?: Kind; facture?: string };

/** A change of it; undefined takes something away. */
export type Look = { [K in keyof ClientSearch]: ClientSearch[K] | undefined };

const client = createRoute({
  getParentRoute: () => frame,
  path: '/clients/$id',
  validateSearch: ({ voir, facture }: Record<string, unknown>): ClientSearch => ({
    ...(typeof voir === 'string' && voir in KINDS && { voir: voir as Kind }),
    ...(typeof facture === 'string' && facture && { facture }),
  }),
  component: lazy(async () => ({ default: (await import('./client-page.tsx')).ClientPage })),
});

export const clientRoutes = [client] as const;
