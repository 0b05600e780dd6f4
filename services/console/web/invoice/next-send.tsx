import { useQuery } from '@connectrpc/connect-query';
import { RelanceService, type PreviewSendResponse } from '../../gen/proto/relance/relance_pb.ts';
import { amount, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { MailFrame } from '../ui/mail-frame.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** What goes out next for an invoice by what is true now, when, and what would stop it. */
export function NextSend({ invoiceId }: { invoiceId: string }) {
  const { data, error, isPending, refetch } = useQuery(
    RelanceService.method.previewSend,
    { id: invoiceId },
    // it is looked at before something is done: what was true some seconds ago does not count
    { staleTime: 0, gcTime: 0 },
  );
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (isPending) return <Waiting lines={4} />;
  return <Shown preview={data} invoiceId={invoiceId} />;
}

function Shown({ preview, invoiceId }: { preview: PreviewSendResponse; invoiceId: string }) {
  const m = useMessages();
  const { acte, empechements, prevueAt, auPlusTot, restantDu } = preview;
  const numeros = acte.case === 'courriel' ? acte.value.numeros : [];
  return (
    <div className="next-send">
      {empechements.length > 0 && (
        <div className="notice">
          <Icon name="stop" />
          <div>
            <strong>{m.apercu.empechements}</strong>
            <ul>
              {empechements.map(({ raison, message }) => (
                <li key={raison}>{message}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <dl className="facts">
        <Fact name={m.apercu.prevue} text={prevueAt ? instant(prevueAt) : m.apercu.jamais} />
        {auPlusTot && <Fact name={m.apercu.auPlusTot} text={instant(auPlusTot)} />}
        <Fact name={m.facture.reste} text={amount(restantDu)} />
        {acte.case === 'courriel' && (
          <>
            <Fact
              name={m.apercu.de}
              text={`${acte.value.expediteurNom} <${acte.value.expediteurAdresse}>`.trim()}
            />
            <Fact name={m.apercu.a} text={acte.value.destinataire || m.apercu.sansAdresse} />
            {acte.value.replyTo && <Fact name={m.apercu.reponseA} text={acte.value.replyTo} />}
            <Fact name={m.apercu.sujet} text={acte.value.sujet} />
          </>
        )}
      </dl>
      {numeros.length > 1 && (
        <p className="notice">
          <Icon name="mail" />
          <span>{m.apercu.groupe(numeros)}</span>
        </p>
      )}
      {acte.case === 'courriel' ? (
        <MailFrame src={`/courriels/relances/${encodeURIComponent(invoiceId)}`} sujet={acte.value.sujet} />
      ) : acte.case === 'tache' ? (
        <section className="task-preview">
          <h3>{m.apercu.tache(acte.value.titre)}</h3>
          <p className="text">{acte.value.description}</p>
        </section>
      ) : (
        <p className="quiet">{acte.case ? m.apercu.rienNePart(acte.value.motif) : m.apercu.rien}</p>
      )}
    </div>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
