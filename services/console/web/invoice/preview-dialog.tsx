import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { NextSend } from './next-send.tsx';

/** What goes out next, to look at. */
export function PreviewDialog({ invoiceId, close }: { invoiceId: string; close: () => void }) {
  const m = useMessages();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="modal wide">
        <Dialog className="dialog">
          <Heading slot="title">{m.apercu.titre}</Heading>
          <p className="quiet">{m.apercu.aide}</p>
          <NextSend invoiceId={invoiceId} />
          <div className="buttons">
            <Button className="button" onPress={close} autoFocus>
              {m.fermer}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
