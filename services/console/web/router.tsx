import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { lazy } from 'react';
import { FailedPage, MissingPage } from './shell/failed-page.tsx';
import { Frame } from './shell/frame.tsx';
import { readSession, sessionGoesOn } from './shell/session.ts';
import { SignInPage } from './shell/sign-in-page.tsx';

/** What the address of Aujourd'hui says: a view can be kept as a bookmark. */
export type TodaySearch = {
  org?: string;
  jours?: 1 | 7 | 30;
  genres?: number[];
  client?: string;
  responsable?: string;
  montant?: number;
  retenues?: boolean;
};

/** What is empty goes out of the address. */
export type TodayChanges = { [K in keyof TodaySearch]: TodaySearch[K] | undefined };

/** The router reads what looks like a number as one. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

const root = createRootRoute({ notFoundComponent: MissingPage, errorComponent: FailedPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/connexion',
  validateSearch: (search: Record<string, unknown>): { erreur?: string; retour?: string } => ({
    ...(typeof search.erreur === 'string' && { erreur: search.erreur }),
    ...(typeof search.retour === 'string' && { retour: search.retour }),
  }),
  loader: () => readSession(),
  component: SignInPage,
});

/** Pages of people who have signed in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  loader: async ({ location }) => {
    const session = await readSession();
    if (session.nom === null) redirect({ to: '/connexion', search: { retour: location.href }, throw: true });
    sessionGoesOn();
    return { nom: session.nom ?? '', local: session.local };
  },
  staleTime: Infinity,
  component: Frame,
});

const aujourdhui = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: (search: Record<string, unknown>): TodaySearch => ({
    ...(typeof search.org === 'string' && search.org && { org: search.org }),
    ...((search.jours === 1 || search.jours === 30) && { jours: search.jours }),
    ...(Array.isArray(search.genres) && {
      genres: search.genres.filter((genre): genre is number => Number.isInteger(genre)),
    }),
    ...(text(search.client) && { client: text(search.client) }),
    ...(text(search.responsable) && { responsable: text(search.responsable) }),
    ...(typeof search.montant === 'number' && search.montant > 0 && { montant: search.montant }),
    ...(search.retenues === true && { retenues: true }),
  }),
  component: lazy(async () => ({ default: (await import('./today/today-page.tsx')).TodayPage })),
});

const factures = createRoute({
  getParentRoute: () => frame,
  path: '/factures',
  validateSearch: (search: Record<string, unknown>): { numero: string } => ({
    numero: text(search.numero),
  }),
  component: lazy(async () => ({ default: (await import('./invoice/found-invoices.tsx')).FoundInvoices })),
});

const facture = createRoute({
  getParentRoute: () => frame,
  path: '/factures/$id',
  component: lazy(async () => ({ default: (await import('./invoice/invoice-page.tsx')).InvoicePage })),
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, frame.addChildren([aujourdhui, factures, facture])]),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
