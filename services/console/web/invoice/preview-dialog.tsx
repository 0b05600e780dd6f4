import { useMessages } from '../messages/use-messages.ts';
import { ReadDialog } from '../ui/read-dialog.tsx';
import { NextSend } from './next-send.tsx';

/** What goes out next, to look at. */
export function PreviewDialog({ invoiceId, close }: { invoiceId: string; close: () => void }) {
  const m = useMessages();
  return (
    <ReadDialog title={m.apercu.titre} close={close} isWide>
      <p className="quiet">{m.apercu.aide}</p>
      <NextSend invoiceId={invoiceId} />
    </ReadDialog>
  );
}
