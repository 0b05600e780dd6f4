import type { Tx } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import { StatutEmail, type Email, type ResendEmailRequest } from '@crm/proto/email/email';
import type { Claimed, Delivery } from './deliver.ts';
import { lastFor } from './repeated-email.ts';

/** What an operator may decide on: all but what was sent and what is being sent. */
const RESENDABLE = [StatutEmail.INCONNU, StatutEmail.REFUSE, StatutEmail.BOUNCE, StatutEmail.A_ENVOYER];

/**
 * Sends an e-mail that is not known to have arrived, under its own Message-ID: one of unknown fate, one refused or come
 * back whose cause has been mended, one that nobody's repeat will send. The word is good for one attempt: when that
 * fails before the content was given, the e-mail is in the state it was in before; so too when its invoice cannot be
 * rendered.
 * @throws {RpcError} FAILED_PRECONDITION with reason NOT_RESENDABLE when it is ENVOYE or EN_COURS, or another one was
 *   recorded for the same since; and what `Delivery.deliver` says
 */
export const resendEmail =
  (delivery: Delivery) =>
  async ({ id }: ResendEmailRequest, call: Call): Promise<Email> => {
    await delivery.settleAbandoned();
    const files = await delivery.attachments(id, RESENDABLE);
    let claimed: Claimed | undefined;
    const take = async (tx: Tx): Promise<Email> => {
      const last = await lastFor(tx, await delivery.read(tx, id));
      if (last && last.id !== id) {
        throw failedPrecondition('NOT_RESENDABLE', `email ${id} was replaced by ${last.id}, for the same`);
      }
      claimed = await delivery.claim(tx, id, RESENDABLE);
      const email = await delivery.read(tx, id);
      if (!claimed) {
        throw failedPrecondition(
          'NOT_RESENDABLE',
          `email ${id} is ${email.statut}: only ${RESENDABLE.join(', ')} are sent once more`,
        );
      }
      return email;
    };
    await call.once(take, { idOf: (email) => email.id, read: delivery.read });
    return claimed ? await delivery.transmit(claimed, files) : await delivery.answer(id);
  };
