import type { Db, Tx } from '@crm/db';
import { failedPrecondition, unavailable, type Logger } from '@crm/kit';
import { StatutEmail, type Email } from '@crm/proto/email/email';
import pRetry from 'p-retry';
import { emailEntity } from './emails.ts';
import type { Mailbox } from './mail-config.ts';
import { attachedPdf, type Invoices } from './attached-pdf.ts';
import { submitMail, type Attachment, type Mail, type Outcome } from './submit-mail.ts';
import { tellClient, type Clients } from './tell-client.ts';

/** An attempt that is still open this long after its time limit has died with its process. */
const GRACE_MS = 10_000;

/** What delivery needs from its process. */
export type DeliveryNeeds = {
  db: Db;
  log: Logger;
  /** For the PDFs of invoices. */
  invoices: Invoices;
  /** For recording refusals with the client. */
  clients: Clients;
  config: { SMTP_URL: string; MAIL_FROM: Mailbox; MAIL_UNKNOWN: 'hold' | 'resend'; MAIL_TIMEOUT_MS: number };
  onStop(stop: () => Promise<unknown>): void;
};

/** An e-mail that is claimed for one attempt. */
export type Claimed = {
  id: string;
  /** The attempt's number. */
  attempt: number;
  /** Its state before the attempt. It returns to it if nothing was given to the mail server. */
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

/**
 * Gives recorded e-mails to the mail server. An attempt goes on even when the call that started it has ended.
 */
export type Delivery = {
  /**
   * Sends an e-mail if it is not sent yet, and returns it once the mail server has accepted it.
   * @throws {RpcError} UNAVAILABLE: not sent yet or being sent, call again. FAILED_PRECONDITION, an operator
   * must decide:
   *   MAIL_REFUSED, the mail server refused it; MAIL_BOUNCED, it came back; MAIL_UNKNOWN, it may have been
   * delivered. Also
   *   the errors of `attachments` and `tell`
   */
  deliver(id: string): Promise<Email>;
  /**
   * Renders the attachment of an e-mail that is in one of these states. It runs before the claim: if it fails
   * or dies, the e-mail stays in its state, with the reason in `erreur`.
   * @throws {RpcError} as `attachedPdf`
   */
  attachments(id: string, states: StatutEmail[]): Promise<Attachment[]>;
  /** Claims an e-mail in one of these states for one attempt. Of concurrent callers one succeeds. */
  claim(tx: Tx | Db, id: string, states: StatutEmail[]): Promise<Claimed | undefined>;
  /** Makes the attempt. Result and errors as `deliver`. */
  transmit(claimed: Claimed, attachments: Attachment[]): Promise<Email>;
  /** The result for a caller, from the e-mail's current state. */
  answer(id: string): Promise<Email>;
  read(tx: Tx | Db, id: string): Promise<Email>;
  /** Records a refusal with the client: see `tellClient`. */
  tell(id: string): Promise<void>;
  /** Marks attempts that died with their process: the fate of their e-mails is unknown. */
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

  // only the database's clock counts, because processes compare times that others wrote
  const claim: Delivery['claim'] = async (tx, id, states) => {
    // the claim returns everything that the attempt needs, so that no later read can fail
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
      // a refused sender is our own fault and says nothing about the client's address
      clientInforme: outcome.refuses === 'sender' || clientId === '',
    };
    // checks the attempt's number: a late result of an attempt counts only if no later attempt has begun
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
