import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useNavigate } from '@tanstack/react-router';
import { PaymentService, type EmitResponse } from '../../gen/proto/payments/payments_pb.ts';
import { amount, day } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { saveFile } from '../ui/download.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { XML } from './files.tsx';
import { useReadAgain } from './use-read-again.ts';

/** The debits that somebody presents although their clients were not told in time, and why. */
export type WithoutNotice = { motif: string; paymentIds: string[] };

type EmitProps = {
  request: { dateCollecte: string; organisationId: string; sansPreavis?: WithoutNotice };
  /** The dry run that the person sees: exactly this is presented, or nothing. */
  seen: EmitResponse;
  close: () => void;
};

/** Asks before a file goes to the bank, with its number and its sum. */
export function EmitDialog({ request, seen, close }: EmitProps) {
  const m = useMessages();
  const words = m.prelevements.remise;
  const transport = useTransport();
  const readAgain = useReadAgain();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={words.titreConfirmer}
      effect={
        <>
          <p className="emit-total">
            {`${m.prelevements.remise.nombre} : ${seen.nombre} · ${amount(seen.total)}`}
          </p>
          <p>{words.effet(day(request.dateCollecte))}</p>
        </>
      }
      close={close}
      button={words.confirmer(seen.nombre, amount(seen.total))}
      send={async (_values, once) => {
        const confirmed = { ...request, empreinte: seen.empreinte };
        return await callUnaryMethod(transport, PaymentService.method.emit, confirmed, once(confirmed));
      }}
      done={({ nomFichier }) => words.fait(nomFichier)}
      sent={({ nomFichier, contenu }) => {
        // a larger file is downloaded from the list, where it is read in pieces
        if (contenu.length > 0) saveFile({ name: nomFichier, type: XML, content: [new Uint8Array(contenu)] });
        void navigate({ to: '/prelevements/fichiers' });
      }}
      readAgain={() => readAgain(PaymentService.method.emit, PaymentService.method.listFichiers)}
    />
  );
}

type WithoutNoticeProps = {
  paymentIds: string[];
  give: (given: WithoutNotice) => void;
  close: () => void;
};

/** Asks why clients are debited who were not told in time. Nothing is presented yet. */
export function WithoutNoticeDialog({ paymentIds, give, close }: WithoutNoticeProps) {
  const m = useMessages();
  const words = m.prelevements.remise;
  return (
    <FormDialog
      title={words.malgreTitre(paymentIds.length)}
      effect={words.malgreEffet}
      close={close}
      button={words.malgreBouton}
      send={(values) => Promise.resolve({ motif: values.line('motif'), paymentIds })}
      done={words.malgreFait}
      sent={give}
    >
      <ReasonField isRequired autoFocus />
    </FormDialog>
  );
}
