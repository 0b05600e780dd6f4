import type { Db } from '@crm/db';
import { isRefusal, orUndefined, unavailable, type Connected } from '@crm/kit';
import { StatutEmailClient, type ClientBaseServiceService } from '@crm/proto/clients/clients';

/** What of the clients' service a refusal needs. */
export type Clients = Pick<Connected<typeof ClientBaseServiceService>, 'get' | 'recordEmailRefusal'>;

/** So many characters of a reason are what clients takes; a status code with its diagnostic may be longer. */
const REASON_CHARACTERS = 500;

/**
 * Has an e-mail's refusal recorded on its client, where that has not been done; with the current caller's own token. A
 * repeat of the call that sent the e-mail does it where clients was away. A client of another system has no record.
 * @throws {RpcError} UNAVAILABLE: clients cannot be told now; call again. What clients refuses for good, as it says it
 */
export const tellClient =
  (db: Db, clients: Clients) =>
  async (id: string): Promise<void> => {
    const refused = await db.email.findFirst({ where: { id, clientInforme: false } });
    if (!refused) return;
    const { clientId, destinataire: email, adresseRefusee, erreur } = refused;
    const raison = [...erreur].slice(0, REASON_CHARACTERS).join('');
    const statut = adresseRefusee ? StatutEmailClient.ADRESSE_REFUSEE : StatutEmailClient.MESSAGE_REFUSE;
    try {
      await orUndefined(clients.recordEmailRefusal({ id: clientId, email, statut, raison }));
    } catch (error) {
      if (isRefusal(error)) throw error;
      throw unavailable('CLIENT_NOT_TOLD', `clients did not record that email ${id} was refused: ${raison}`);
    }
    await db.email.updateMany({ where: { id }, data: { clientInforme: true } });
  };
