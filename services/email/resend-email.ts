import type { Tx } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import { StatutEmail, type Email, type ResendEmailRequest } from '@crm/proto/email/email';
import type { Delivery } from './deliver.ts';

/**
 * Sends an e-mail whose fate is unknown once more, under its own Message-ID. The word is good for one attempt: when
 * that fails before the content was given, the e-mail's fate is as unknown as before.
 * @throws {RpcError} FAILED_PRECONDITION with reason NOT_UNKNOWN in every other state; and what `Delivery.deliver` says
 */
export const resendEmail =
  (delivery: Delivery) =>
  async ({ id }: ResendEmailRequest, call: Call): Promise<Email> => {
    await delivery.settleAbandoned();
    let attempt: number | undefined;
    const take = async (tx: Tx): Promise<Email> => {
      attempt = await delivery.claim(tx, id, StatutEmail.INCONNU);
      const email = await delivery.read(tx, id);
      if (attempt === undefined) {
        throw failedPrecondition(
          'NOT_UNKNOWN',
          `email ${id} is ${email.statut}: only INCONNU is sent once more`,
        );
      }
      return email;
    };
    await call.once(take, { idOf: (email) => email.id, read: delivery.read });
    if (attempt === undefined) return await delivery.answer(id);
    return await delivery.transmit(id, attempt, StatutEmail.INCONNU);
  };
