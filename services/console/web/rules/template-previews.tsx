import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { MailFrame } from '../ui/mail-frame.tsx';

/** What the mails of levels say, with the template's own sample, in the organisation's name. */
export function TemplatePreviews({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const words = m.regles.apercus;
  const [shown, setShown] = useState<string>();
  const names = words.modeles;
  return (
    <section className="panel" aria-label={words.titre}>
      <header>
        <h2>{words.titre}</h2>
      </header>
      <div className="previews">
        {Object.entries(names).map(([id, nom]) => (
          <Button key={id} className="button" onPress={() => setShown(id)}>
            {nom}
          </Button>
        ))}
      </div>
      {shown && (
        <ModalOverlay
          className="overlay"
          isOpen
          isDismissable
          onOpenChange={(isOpen) => !isOpen && setShown(undefined)}
        >
          <Modal className="modal wide">
            <Dialog className="dialog">
              <Heading slot="title">{names[shown]}</Heading>
              <MailFrame
                src={`/courriels/modeles/${shown}?org=${encodeURIComponent(organisationId)}`}
                sujet={names[shown]!}
              />
              <div className="buttons">
                <Button className="button" slot="close">
                  {m.fermer}
                </Button>
              </div>
            </Dialog>
          </Modal>
        </ModalOverlay>
      )}
    </section>
  );
}
