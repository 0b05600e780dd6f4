import { useEffect } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { queryClient } from '../connection.ts';
import { useMessages } from '../messages/use-messages.ts';
import { LocalForm } from './local-form.tsx';
import { readSession, sessionGoesOn, useSessionEnded } from './session.ts';

/** Signs in again over the page, which keeps what somebody was writing. */
export function SignInAgain({ local }: { local: boolean }) {
  const m = useMessages();
  const ended = useSessionEnded();
  useEffect(() => {
    if (!ended) return;
    // signed in again in another tab
    const look = async () => (await readSession()).nom !== null && (await goOn());
    const onFocus = () => void look().catch(() => {});
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [ended]);
  return (
    <ModalOverlay className="overlay" isOpen={ended}>
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{m.connexion.terminee}</Heading>
          <p>{m.connexion.termineeAide}</p>
          {local ? (
            <LocalForm signedIn={goOn} />
          ) : (
            <a
              className="button primary"
              href="/auth/sign-in?retour=/connexion"
              target="_blank"
              rel="noreferrer"
            >
              {m.connexion.ouvrirOnglet}
            </a>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

async function goOn(): Promise<void> {
  sessionGoesOn();
  await queryClient.invalidateQueries();
}
