import type { Db } from '@crm/db';
import { isRefusal, orUndefined, unavailable, type Connected } from '@crm/kit';
import { StatutEmailClient, type ClientBaseServiceService } from '@crm/proto/clients/clients';
import { cutMotif } from '@crm/workflows/motif';

/** The RPCs of clients that refusals use. */
export type Clients = Pick<Connected<typeof ClientBaseServiceService>, 'get' | 'recordEmailRefusal'>;

/**
 * Records an e-mail's refusal with its client, if that was not done yet; with the current caller's own token.
 * If clients is away, a repeat of the call that sent the e-mail does it. A client of another system has no
 * record.
 * @throws {RpcError} UNAVAILABLE: clients is away, call again. Also what clients refuses for good
 */
export const tellClient =
  (db: Db, clients: Clients) =>
  async (id: string): Promise<void> => {
    const refused = await db.email.findFirst({ where: { id, clientInforme: false } });
    if (!refused) return;
    const { clientId, destinataire: email, adresseRefusee, erreur } = refused;
    // a status code with its diagnostic may be longer than clients takes
    const raison = cutMotif(erreur);
    const statut = adresseRefusee ? StatutEmailClient.ADRESSE_REFUSEE : StatutEmailClient.MESSAGE_REFUSE;
    try {
      await orUndefined(clients.recordEmailRefusal({ id: clientId, email, statut, raison }));
    } catch (error) {
      if (isRefusal(error)) throw error;
      throw unavailable('CLIENT_NOT_TOLD', `clients did not record that email ${id} was refused: ${raison}`);
    }
    await db.email.updateMany({ where: { id }, data: { clientInforme: true } });
  };
