import type { Tx } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import { StatutEmail, type Email, type ResendEmailRequest } from '@crm/proto/email/email';
import type { Claimed, Delivery } from './deliver.ts';
import { lastFor } from './repeated-email.ts';

/** The states in which an operator can send an e-mail once more. */
const RESENDABLE = [StatutEmail.INCONNU, StatutEmail.REFUSE, StatutEmail.BOUNCE, StatutEmail.A_ENVOYER];

/**
 * Sends an e-mail that may not have arrived, under its own Message-ID: of unknown fate, refused or come back
 * and mended
 * since, or not sent because its caller did not call again. It makes one attempt. If that fails before the
 * content was
 * sent, or the invoice cannot be rendered, the e-mail keeps its state.
 * @throws {RpcError} FAILED_PRECONDITION NOT_RESENDABLE: it is ENVOYE or EN_COURS, or another one was
 * recorded for its
 *   `envoi` since; and the errors of `Delivery.deliver`
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
