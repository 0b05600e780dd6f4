import type { Db, Tx } from '@crm/db';
import { failedPrecondition, unavailable, type Logger } from '@crm/kit';
import { StatutEmail, type Email } from '@crm/proto/email/email';
import pRetry from 'p-retry';
import { emailEntity } from './emails.ts';
import type { Mailbox } from './mail-config.ts';
import { attachedPdf, type Invoices } from './attached-pdf.ts';
import { submitMail, type Attachment, type Mail, type Outcome } from './submit-mail.ts';
import { tellClient, type Clients } from './tell-client.ts';

/** An attempt that has not ended this long after its time limit has died with its process. */
const GRACE_MS = 10_000;

/** What sending needs of a process. */
export type DeliveryNeeds = {
  db: Db;
  log: Logger;
  /** Where the PDFs of invoices come from. */
  invoices: Invoices;
  /** Who keeps what is refused. */
  clients: Clients;
  config: { SMTP_URL: string; MAIL_FROM: Mailbox; MAIL_UNKNOWN: 'hold' | 'resend'; MAIL_TIMEOUT_MS: number };
  onStop(stop: () => Promise<unknown>): void;
};

/** An e-mail taken for one attempt. */
export type Claimed = {
  id: string;
  /** The attempt's number. */
  attempt: number;
  /** The state it was taken from, and goes back to when nothing was given to the mail server. */
  from: StatutEmail;
  clientId: string;
  mail: Mail;
};

type ClaimedRow = Omit<Mail, 'from' | 'returnTo'> & {
  attempt: number;
  statut: StatutEmail;
  clientId: string;
  name: string;
  address: string;
};

/** Brings recorded e-mails to the mail server. It goes on when the call that asked for it is over. */
export type Delivery = {
  /**
   * Sends an e-mail that is to be sent, and answers it once the mail server has it.
   * @throws {RpcError} UNAVAILABLE: not sent yet, or being sent, call again. FAILED_PRECONDITION: MAIL_REFUSED, the
   *   mail server refuses it; MAIL_BOUNCED, it came back; MAIL_UNKNOWN, it may have been delivered; of all an operator
   *   decides. And what `attachments` and `tell` throw
   */
  deliver(id: string): Promise<Email>;
  /**
   * Has what goes with an e-mail rendered, where the e-mail is in one of these states. It comes before the claim: what
   * fails here, or dies, leaves the e-mail in its state, with the reason beside it.
   * @throws {RpcError} what `attachedPdf` says
   */
  attachments(id: string, states: StatutEmail[]): Promise<Attachment[]>;
  /** Takes an e-mail in one of these states for one attempt; of any number of concurrent takers one gets it. */
  claim(tx: Tx | Db, id: string, states: StatutEmail[]): Promise<Claimed | undefined>;
  /** Makes the attempt; answers and throws as `deliver` does. */
  transmit(claimed: Claimed, attachments: Attachment[]): Promise<Email>;
  /** What a caller is told of an e-mail as it stands. */
  answer(id: string): Promise<Email>;
  read(tx: Tx | Db, id: string): Promise<Email>;
  /** Has a refusal recorded on the client: see `tellClient`. */
  tell(id: string): Promise<void>;
  /** Attempts that died with their process leave e-mails of unknown fate. */
  settleAbandoned(): Promise<unknown>;
};

export function delivery({ db, log, config, invoices, clients, onStop }: DeliveryNeeds): Delivery {
  const { read } = emailEntity(db);
  const tell = tellClient(db, clients);
  const afterUnknown = config.MAIL_UNKNOWN === 'resend' ? StatutEmail.A_ENVOYER : StatutEmail.INCONNU;
  const underWay = new Set<Promise<unknown>>();
  onStop(() => Promise.allSettled(underWay));

  const attachments: Delivery['attachments'] = async (id, states) => {
    const email = await read(db, id);
    if ((!email.factureId && !email.avoirId) || !states.includes(email.statut)) return [];
    try {
      return [await attachedPdf(invoices, email)];
    } catch (error) {
      const erreur = (error as Error).message;
      await db.email.updateMany({ where: { id, statut: { in: states } }, data: { erreur } });
      throw error;
    }
  };

  // the database's clock is the only one: processes compare instants that others wrote
  const claim: Delivery['claim'] = async (tx, id, states) => {
    // all that the attempt needs comes with the claim: nothing is left to read that could fail after it
    const [row] = await tx.$queryRaw<ClaimedRow[]>`
      UPDATE email.emails AS email
      SET statut = ${StatutEmail.EN_COURS}, essai_at = now(), tentatives = email.tentatives + 1
      FROM (SELECT id, statut FROM email.emails WHERE id = ${id} AND statut = ANY(${states}) FOR UPDATE) AS taken
      WHERE email.id = taken.id
      RETURNING taken.statut, email.tentatives AS attempt, email.client_id AS "clientId",
        email.destinataire AS to, email.sujet AS subject, email.html, email.texte AS text,
        email.expediteur_nom AS name, email.expediteur_adresse AS address, email.reply_to AS "replyTo",
        email.message_id AS "messageId", email.created_at AS date`;
    if (!row) return undefined;
    const { attempt, statut, clientId, name, address, ...mail } = row;
    const from = address ? { name, address } : config.MAIL_FROM;
    return {
      id,
      attempt,
      from: statut,
      clientId,
      mail: { ...mail, from, returnTo: config.MAIL_FROM.address },
    };
  };

  const settleAbandoned = () => db.$executeRaw`
    UPDATE email.emails SET statut = ${afterUnknown}, erreur = 'the process died while sending'
    WHERE statut = ${StatutEmail.EN_COURS}
      AND essai_at < now() - make_interval(secs => ${(config.MAIL_TIMEOUT_MS + GRACE_MS) / 1000}::float8)`;

  const answer: Delivery['answer'] = async (id) => {
    const email = await read(db, id);
    switch (email.statut) {
      case StatutEmail.ENVOYE:
        return email;
      case StatutEmail.REFUSE:
        await tell(id);
        throw failedPrecondition(
          'MAIL_REFUSED',
          `email ${id} refused by the mail server: ${email.erreur}; once that is mended, email.EmailService/ResendEmail sends it`,
        );
      case StatutEmail.BOUNCE:
        await tell(id);
        throw failedPrecondition(
          'MAIL_BOUNCED',
          `email ${id} came back: ${email.erreur}; once that is mended, email.EmailService/ResendEmail sends it`,
        );
      case StatutEmail.INCONNU:
        throw failedPrecondition(
          'MAIL_UNKNOWN',
          `email ${id} may have been delivered (${email.erreur}): email.EmailService/ResendEmail sends it once more`,
        );
      case StatutEmail.EN_COURS:
        throw unavailable('MAIL_IN_PROGRESS', `email ${id} is being sent`);
      default:
        throw unavailable('MAIL_NOT_SENT', `email ${id} is not sent yet: ${email.erreur}`);
    }
  };

  async function attemptOnce(claimed: Claimed, attachments: Attachment[]): Promise<Outcome> {
    const { id, attempt, from, clientId } = claimed;
    const mail = { ...claimed.mail, attachments };
    const outcome = await submitMail(config.SMTP_URL, mail, config.MAIL_TIMEOUT_MS);
    const statut = {
      sent: StatutEmail.ENVOYE,
      later: from,
      refused: StatutEmail.REFUSE,
      unknown: afterUnknown,
    }[outcome.kind];
    const sent = outcome.kind === 'sent';
    const refused = outcome.kind === 'refused' && {
      codeRefus: outcome.code,
      adresseRefusee: outcome.refuses === 'address',
      // a sender that is refused is ours to mend, and says nothing of whom it was for
      clientInforme: outcome.refuses === 'sender' || clientId === '',
    };
    // the attempt's number: an attempt that was given up on may still say how it ended, unless a later one began
    const record = () =>
      db.email.updateMany({
        where: { id, tentatives: attempt },
        data: {
          statut,
          erreur: sent ? '' : outcome.words,
          ...(sent && { envoyeAt: new Date(), codeRefus: '', adresseRefusee: false, bounceAt: null }),
          ...refused,
        },
      });
    await pRetry(record, { retries: 5, minTimeout: 100, maxTimeout: 2_000 });
    log[sent ? 'info' : 'warn']({ emailId: id, attempt, statut }, 'mail attempt');
    return outcome;
  }

  const transmit: Delivery['transmit'] = async (claimed, files) => {
    const work = attemptOnce(claimed, files);
    underWay.add(work);
    const outcome = await work.finally(() => underWay.delete(work));
    if (outcome.kind === 'later')
      throw unavailable('MAIL_NOT_SENT', `email ${claimed.id} is not sent yet: ${outcome.words}`);
    return await answer(claimed.id);
  };

  return {
    attachments,
    tell,
    claim,
    transmit,
    answer,
    read,
    settleAbandoned,
    async deliver(id) {
      const files = await attachments(id, [StatutEmail.A_ENVOYER]);
      const claimed = await claim(db, id, [StatutEmail.A_ENVOYER]);
      if (claimed) return await transmit(claimed, files);
      await settleAbandoned();
      return await answer(id);
    },
  };
}
