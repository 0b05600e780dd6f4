import type { Db } from '@crm/db';
import { orUndefined, unavailable } from '@crm/kit';
import { StatutEmailClient } from '@crm/proto/clients/clients';
import type { Clients } from './tell-client.ts';

/**
 * Why nothing is sent to an address; empty: it is. Whether an address that refused an e-mail for good is refused still
 * is for clients to say: it may have been forgiven, or be another client's by now. One that never did is not asked
 * about, nor is one of no client.
 * @throws {RpcError} UNAVAILABLE: clients cannot be asked now
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
