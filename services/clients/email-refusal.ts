import type { Tx } from '@crm/db';
import type { Call, Entity } from '@crm/kit';
import {
  StatutEmailClient,
  type ClearEmailRefusalRequest,
  type Client,
  type RecordEmailRefusalRequest,
} from '@crm/proto/clients/clients';
import { rememberClearing } from './decisions.ts';

/** No refusal is known. */
const ACCEPTED = {
  emailStatut: StatutEmailClient.ADRESSE_ACCEPTEE,
  emailRefuseAt: null,
  emailRefuseRaison: '',
};

/**
 * Resets the refusal of a client whose address is about to change. Runs before the change, in its
 * transaction.
 */
export async function forgetRefusalOfOtherAddress(
  tx: Tx,
  id: string,
  email: string | undefined,
): Promise<void> {
  if (email === undefined) return;
  await tx.client.updateMany({ where: { id, email: { not: email } }, data: ACCEPTED });
}

/**
 * Records that an e-mail to a client was refused, with one statement. A client whose address is another one
 * now, or refused for good already, does not change. Upper and lower case are equal: mailboxes that differ
 * only by case exist in RFC 5321 but not in practice.
 * @throws {RpcError} NOT_FOUND
 */
export const recordEmailRefusal = (client: Clients) =>
  changed(
    client,
    (tx, { id, email, statut, raison }: RecordEmailRefusalRequest) => tx.$executeRaw`
      UPDATE clients.clients
      SET email_statut = ${statut}, email_refuse_at = now(), email_refuse_raison = ${raison}, updated_at = now()
      WHERE id = ${id} AND lower(email) = lower(${email})
        AND email_statut <> ${StatutEmailClient.ADRESSE_REFUSEE}`,
  );

/** @throws {RpcError} NOT_FOUND */
export const clearEmailRefusal = (client: Clients) =>
  changed(client, async (tx, request: ClearEmailRefusalRequest, call) => {
    await rememberClearing(tx, request, call);
    await tx.client.updateMany({ where: { id: request.id }, data: ACCEPTED });
  });

type Clients = Pick<Entity<Client>, 'read' | 'repeat'>;

/** A call that changes a client at most once, and returns it. */
const changed =
  <R extends { id: string }>(client: Clients, change: (tx: Tx, request: R, call: Call) => Promise<unknown>) =>
  (request: R, call: Call): Promise<Client> =>
    call.once(async (tx) => {
      await change(tx, request, call);
      return await client.read(tx, request.id);
    }, client.repeat);
