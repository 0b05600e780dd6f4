import { createRootRoute, createRoute, redirect, retainSearchParams } from '@tanstack/react-router';
import { FailedPage, MissingPage } from './failed-page.tsx';
import { Frame } from './frame.tsx';
import { lastOrganisation, type OrganisationSearch } from './organisation.ts';
import { searchText } from './search-text.ts';
import { readSession, sessionGoesOn } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';

export const root = createRootRoute({ notFoundComponent: MissingPage, errorComponent: FailedPage });

export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/connexion',
  validateSearch: (search: Record<string, unknown>): { erreur?: string; retour?: string } => ({
    ...(typeof search.erreur === 'string' && { erreur: search.erreur }),
    ...(typeof search.retour === 'string' && { retour: search.retour }),
  }),
  loader: () => readSession(),
  component: SignInPage,
});

/** Pages of people who have signed in; every room has its routes below it. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  validateSearch: (search: Record<string, unknown>): OrganisationSearch => ({
    ...(searchText(search.org) && { org: searchText(search.org) }),
  }),
  search: { middlewares: [retainSearchParams(['org'])] },
  beforeLoad({ search, location }) {
    const org = lastOrganisation();
    // the address says the whole view, so that it can be kept or sent
    if (search.org === undefined && org !== undefined)
      redirect({
        ...{ to: location.pathname, search: { ...location.search, org }, hash: location.hash },
        ...{ replace: true, throw: true },
      });
  },
  loader: async ({ location }) => {
    const session = await readSession();
    if (session.nom === null) redirect({ to: '/connexion', search: { retour: location.href }, throw: true });
    sessionGoesOn();
    return { nom: session.nom ?? '', local: session.local };
  },
  staleTime: Infinity,
  component: Frame,
});
