import type { Db, Tx } from '@crm/db';
import { failedPrecondition, unavailable, type Logger } from '@crm/kit';
import { StatutEmail, type Email } from '@crm/proto/email/email';
import pRetry from 'p-retry';
import { emailEntity } from './emails.ts';
import type { Mailbox } from './mail-config.ts';
import { submitMail, type Outcome } from './submit-mail.ts';

/** An attempt that has not ended this long after its time limit has died with its process. */
const GRACE_MS = 10_000;

/** What sending needs of a process. */
export type DeliveryNeeds = {
  db: Db;
  log: Logger;
  config: { SMTP_URL: string; MAIL_FROM: Mailbox; MAIL_UNKNOWN: 'hold' | 'resend'; MAIL_TIMEOUT_MS: number };
  onStop(stop: () => Promise<unknown>): void;
};

/** Brings recorded e-mails to the mail server. It goes on when the call that asked for it is over. */
export type Delivery = {
  /**
   * Sends an e-mail that is to be sent, and answers it once the mail server has it.
   * @throws {RpcError} UNAVAILABLE: not sent yet, or being sent, call again. FAILED_PRECONDITION: MAIL_REFUSED, the
   *   mail server refuses it for good; MAIL_UNKNOWN, it may have been delivered, an operator decides
   */
  deliver(id: string): Promise<Email>;
  /** Takes an e-mail for one attempt; of any number of concurrent takers one gets the attempt's number. */
  claim(tx: Tx | Db, id: string, from: StatutEmail): Promise<number | undefined>;
  /** Makes the attempt that was taken from the state `from`; answers and throws as `deliver` does. */
  transmit(id: string, attempt: number, from: StatutEmail): Promise<Email>;
  /** What a caller is told of an e-mail as it stands. */
  answer(id: string): Promise<Email>;
  read(tx: Tx | Db, id: string): Promise<Email>;
  /** Attempts that died with their process leave e-mails of unknown fate. */
  settleAbandoned(): Promise<unknown>;
};

export function delivery({ db, log, config, onStop }: DeliveryNeeds): Delivery {
  const { read } = emailEntity(db);
  const afterUnknown = config.MAIL_UNKNOWN === 'resend' ? StatutEmail.A_ENVOYER : StatutEmail.INCONNU;
  const underWay = new Set<Promise<unknown>>();
  onStop(() => Promise.allSettled(underWay));

  // the database's clock is the only one: processes compare instants that others wrote
  const claim: Delivery['claim'] = async (tx, id, from) => {
    const [claimed] = await tx.$queryRaw<{ tentatives: number }[]>`
      UPDATE email.emails SET statut = ${StatutEmail.EN_COURS}, essai_at = now(), tentatives = tentatives + 1
      WHERE id = ${id} AND statut = ${from} RETURNING tentatives`;
    return claimed?.tentatives;
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
        throw failedPrecondition('MAIL_REFUSED', `email ${id} refused by the mail server: ${email.erreur}`);
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

  async function attemptOnce(id: string, attempt: number, from: StatutEmail): Promise<Outcome> {
    const { destinataire, sujet, html, texte, messageId, createdAt } = await db.email.findUniqueOrThrow({
      where: { id },
    });
    const mail = {
      from: config.MAIL_FROM,
      to: destinataire,
      subject: sujet,
      html,
      text: texte,
      messageId,
      date: createdAt,
    };
    const outcome = await submitMail(config.SMTP_URL, mail, config.MAIL_TIMEOUT_MS);
    const statut = {
      sent: StatutEmail.ENVOYE,
      later: from,
      refused: StatutEmail.REFUSE,
      unknown: afterUnknown,
    }[outcome.kind];
    const sent = outcome.kind === 'sent';
    // the attempt's number: an attempt that was given up on may still say how it ended, unless a later one began
    const record = () =>
      db.email.updateMany({
        where: { id, tentatives: attempt },
        data: { statut, erreur: sent ? '' : outcome.words, ...(sent && { envoyeAt: new Date() }) },
      });
    await pRetry(record, { retries: 5, minTimeout: 100, maxTimeout: 2_000 });
    log[sent ? 'info' : 'warn']({ emailId: id, attempt, statut }, 'mail attempt');
    return outcome;
  }

  const transmit: Delivery['transmit'] = async (id, attempt, from) => {
    const work = attemptOnce(id, attempt, from);
    underWay.add(work);
    const outcome = await work.finally(() => underWay.delete(work));
    if (outcome.kind === 'later')
      throw unavailable('MAIL_NOT_SENT', `email ${id} is not sent yet: ${outcome.words}`);
    return await answer(id);
  };

  return {
    claim,
    transmit,
    answer,
    read,
    settleAbandoned,
    async deliver(id) {
      const attempt = await claim(db, id, StatutEmail.A_ENVOYER);
      if (attempt !== undefined) return await transmit(id, attempt, StatutEmail.A_ENVOYER);
      await settleAbandoned();
      return await answer(id);
    },
  };
}
