import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { Said } from '../ui/said.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AccountMenu } from './account-menu.tsx';
import { FindInvoice } from './find-invoice.tsx';
import { SignInAgain } from './sign-in-again.tsx';

const route = getRouteApi('/frame');

/** What is around every page: the way to the others, the search, the account. */
export function Frame() {
  const m = useMessages();
  const { nom, local } = route.useLoaderData();
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
        <nav aria-label={m.nav.titre}>
          <Link to="/" className="tab" activeOptions={{ exact: true, includeSearch: false }}>
            {m.nav.aujourdhui}
          </Link>
        </nav>
        <FindInvoice />
        <AccountMenu nom={nom} />
      </header>
      <main id="contenu" tabIndex={-1}>
        <Suspense fallback={<Waiting lines={8} />}>
          <Outlet />
        </Suspense>
      </main>
      <Said />
      <SignInAgain local={local} />
    </>
  );
}
