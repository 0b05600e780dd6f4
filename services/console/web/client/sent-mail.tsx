import { createClient } from '@connectrpc/connect';
import { useQuery } from '@connectrpc/connect-query';
import { EmailService, StatutEmail } from '../../gen/proto/email/email_pb.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Download } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { MailFrame } from '../ui/mail-frame.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** A mail as it was sent: its very text in a frame that loads nothing, and its PDF. */
export function SentMail({ id, numero }: { id: string; numero: string }) {
  const m = useMessages();
  const { data, error, refetch } = useQuery(EmailService.method.getContenu, { id });
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data) return <Waiting lines={4} />;
  const { html, texte } = data;
  const email = data.email!;
  const sender = [email.expediteurNom, email.expediteurAdresse && `<${email.expediteurAdresse}>`];
  return (
    <div className="sent-mail">
      <dl className="facts">
        <Fact name={m.apercu.sujet} text={email.sujet} />
        <Fact name={m.apercu.de} text={sender.filter(Boolean).join(' ')} />
        <Fact name={m.apercu.a} text={email.destinataire} />
        <Fact name={m.client.envoye} text={email.envoyeAt ? instant(email.envoyeAt) : ''} />
        <Fact name={m.client.erreur} text={WHY.has(email.statut) ? email.erreur : ''} />
      </dl>
      {html ? (
        <MailFrame src={`/courriels/envoyes/${encodeURIComponent(id)}`} sujet={email.sujet} />
      ) : (
        <p className="text told">{texte}</p>
      )}
      <div className="actions">
        {(email.factureId || email.avoirId) && (
          <Download
            label={m.client.pdfJoint}
            name={`${numero || m.client.pieceJointe}.pdf`}
            type="application/pdf"
            pieces={(transport) => createClient(EmailService, transport).downloadPdf({ id })}
          />
        )}
        <Download
          label={m.client.eml}
          name={`${m.client.courriel}-${id.slice(-6)}.eml`}
          type="message/rfc822"
          isPlain
          pieces={(transport) => createClient(EmailService, transport).downloadEml({ id })}
        />
      </div>
    </div>
  );
}

/** What the mail server said is worth reading of these; other failures are ours, and pass. */
const WHY: ReadonlySet<StatutEmail> = new Set([StatutEmail.REFUSE, StatutEmail.BOUNCE]);

function Fact({ name, text }: { name: string; text: string }) {
  if (!text) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
