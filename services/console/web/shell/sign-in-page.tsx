import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';
import { useTitle } from '../ui/use-title.ts';
import { LocalForm } from './local-form.tsx';

const route = getRouteApi('/connexion');

/** The first page of everybody. */
export function SignInPage() {
  const m = useMessages();
  const session = route.useLoaderData();
  const { erreur, retour = '/' }: { erreur?: string; retour?: string } = route.useSearch();
  useTitle(m.connexion.titre);
  const fault = Object.entries(m.connexion.erreurs).find(([reason]) => reason === erreur)?.[1];
  const isBack = retour === '/connexion';
  return (
    <main className="sign-in">
      <div className="card">
        <p className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" />
          {m.marque}
        </p>
        <h1>{m.connexion.titre}</h1>
        {fault && (
          <p className="failure" role="alert">
            {fault}
          </p>
        )}
        {session.nom !== null && isBack ? (
          <p role="status">{m.connexion.faite}</p>
        ) : session.local ? (
          <>
            <p className="quiet">{m.connexion.local}</p>
            <LocalForm signedIn={() => location.assign(localPath(retour))} />
          </>
        ) : (
          <>
            <p className="quiet">{m.connexion.royaume}</p>
            <a
              className="button primary"
              href={`/auth/sign-in?retour=${encodeURIComponent(localPath(retour))}`}
            >
              {m.connexion.continuer}
            </a>
          </>
        )}
      </div>
    </main>
  );
}

/** A page of ours: an address of somebody else would be a trap. */
function localPath(path: string): string {
  const { origin, pathname, search } = new URL(path, location.origin);
  return origin === location.origin ? pathname + search : '/';
}
