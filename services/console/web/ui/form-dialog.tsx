import { useRef, useState, type ComponentProps, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { RpcForm } from './rpc-form.tsx';

type Props<Answer> = Omit<ComponentProps<typeof RpcForm<Answer>>, 'cancel' | 'written' | 'busy'> & {
  title: string;
  /** What it will change. */
  effect?: ReactNode;
  close: () => void;
  isWide?: boolean;
};

/**
 * A form above the page; it closes when it has been done. A click beside it closes it only as long as nothing has been
 * written.
 */
export function FormDialog<Answer>({ title, effect, close, isWide = false, ...form }: Props<Answer>) {
  const isWritten = useRef(false);
  const [isBusy, setBusy] = useState(false);
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={!isBusy}
      isKeyboardDismissDisabled={isBusy}
      shouldCloseOnInteractOutside={() => !isWritten.current}
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Modal className={isWide ? 'modal wide' : 'modal'}>
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {typeof effect === 'string' ? <p>{effect}</p> : effect}
          <RpcForm
            {...form}
            cancel={close}
            busy={setBusy}
            written={() => (isWritten.current = true)}
            sent={(answer) => {
              close();
              form.sent?.(answer);
            }}
          />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
