import type { Db } from '@crm/db';
import { orUndefined, unavailable, type Connected } from '@crm/kit';
import { StatutEmailClient, type ClientBaseServiceService } from '@crm/proto/clients/clients';

/** What of the clients' service a refusal needs. */
export type Clients = Pick<Connected<typeof ClientBaseServiceService>, 'recordEmailRefusal'>;

/**
 * Has an e-mail's refusal recorded on its client, where that has not been done; with the current caller's own token. A
 * repeat of the call that sent the e-mail does it where clients was away. A client of another system has no record.
 * @throws {RpcError} UNAVAILABLE: clients cannot be told now; call again
 */
export const tellClient =
  (db: Db, clients: Clients) =>
  async (id: string): Promise<void> => {
    const refused = await db.email.findFirst({ where: { id, clientInforme: false } });
    if (!refused) return;
    const { clientId, destinataire: email, adresseRefusee, erreur: raison } = refused;
    const statut = adresseRefusee ? StatutEmailClient.ADRESSE_REFUSEE : StatutEmailClient.MESSAGE_REFUSE;
    try {
      await orUndefined(clients.recordEmailRefusal({ id: clientId, email, statut, raison }));
    } catch {
      throw unavailable('CLIENT_NOT_TOLD', `clients did not record that email ${id} was refused: ${raison}`);
    }
    await db.email.updateMany({ where: { id }, data: { clientInforme: true } });
  };
