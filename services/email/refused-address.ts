import type { Db } from '@crm/db';
import { orUndefined, unavailable } from '@crm/kit';
import { StatutEmailClient } from '@crm/proto/clients/clients';
import type { Clients } from './tell-client.ts';

/**
 * Why nothing is sent to an address. Empty: it is not refused. If the address once refused an e-mail for
 * good, clients is asked whether it still does: the refusal may have been cleared, or the address may belong
 * to another client now. Addresses that never refused, or without a client, cost no call.
 * @throws {RpcError} UNAVAILABLE: clients is away
 */
export const refusedAddress =
  (db: Db, clients: Clients) =>
  async ({ clientId, destinataire }: { clientId: string; destinataire: string }): Promise<string> => {
    if (!clientId) return '';
    const before = await db.email.findFirst({
      where: { clientId, destinataire, adresseRefusee: true },
      select: { id: true },
    });
    if (!before) return '';
    const client = await orUndefined(clients.get({ id: clientId })).catch(() => {
      throw unavailable('CLIENT', `clients did not say whether the address of ${clientId} is refused`);
    });
    const same = client?.email.toLowerCase() === destinataire.toLowerCase();
    if (!same || client.emailStatut !== StatutEmailClient.ADRESSE_REFUSEE) return '';
    return (
      `the address of client ${clientId} is refused (${client.emailRefuseRaison}): change it, or, where it is right ` +
      'after all, clients.ClientBaseService/ClearEmailRefusal'
    );
  };
