import '../style/shell.css';
import { getRouteApi, Link, Outlet, useMatches } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { SearchBox } from '../search/search-box.tsx';
import { Said } from '../ui/said.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Keyboard } from './keyboard.tsx';
import { OrganisationPicker } from './organisation-picker.tsx';
import { Rooms } from './rooms.tsx';
import { SignInAgain } from './sign-in-again.tsx';

const route = getRouteApi('/frame');

/** What is around every page: the way to the others, the search, the account. */
export function Frame() {
  const m = useMessages();
  const { nom, local } = route.useLoaderData();
  // the page of one thing is not filtered
  const isFiltered = useMatches({ select: (matches) => !matches.at(-1)?.routeId.includes('$') });
  return (
    <>
      <a className="skip" href="#contenu">
        {m.allerAuContenu}
      </a>
      <header className="top">
        <Link className="brand" to="/" aria-label={m.marque}>
          <img src="/icon.svg" alt="" width="24" height="24" />
          <span>{m.marque}</span>
        </Link>
        <Rooms />
        {isFiltered && <OrganisationPicker />}
        <SearchBox />
        <AccountMenu nom={nom} />
      </header>
      <main id="contenu" tabIndex={-1}>
        <Suspense fallback={<Waiting lines={8} />}>
          <Outlet />
        </Suspense>
      </main>
      <Said />
      <Keyboard />
      <SignInAgain local={local} />
    </>
  );
}
