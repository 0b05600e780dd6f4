import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';

type Props = { title: ReactNode; close: () => void; isWide?: boolean; children: ReactNode };

/** Something to look at above the page: it is only closed. */
export function ReadDialog({ title, close, isWide = false, children }: Props) {
  const m = useMessages();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className={isWide ? 'modal wide' : 'modal'}>
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
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
