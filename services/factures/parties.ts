import { newestSociete } from '@crm/domain';
import { orUndefined, type Connected } from '@crm/kit';
import {
  TypeClient,
  UsageAdresse,
  type Adresse,
  type AdresseServiceService,
  type Client,
  type ClientBaseServiceService,
} from '@crm/proto/clients/clients';
import { AdressePostale, Destinataire, Emetteur } from '@crm/proto/factures/factures';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

/** The services that know the parties of an invoice. */
export type Directory = {
  adresses: Pick<Connected<typeof AdresseServiceService>, 'listByClient'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  societes: Pick<Connected<typeof SocieteServiceService>, 'get' | 'getLogo' | 'list'>;
};

/** The issuer and the recipient of a document. Absent: unknown. */
export type Parties = { emetteur?: Emetteur | undefined; destinataire?: Destinataire | undefined };

/** The parties of an invoice that is about to be issued, and further data about them. */
export type KnownParties = Parties & {
  societe?: Societe | undefined;
  client?: Client | undefined;
  /** The client's newest delivery address. */
  livraison?: AdressePostale | undefined;
};

/**
 * Reads today's parties of an invoice: the organisation's newest société, and the client with its newest
 * billing address. References may be any strings, so unknown parties are left out; a service that is away is
 * an error.
 * @throws {RpcError} UNAVAILABLE: clients or organisations is away
 */
export async function askParties(
  { clients, adresses, societes }: Directory,
  { clientId, organisationId }: { clientId: string; organisationId: string },
): Promise<KnownParties> {
  const newest = async (usage: UsageAdresse) =>
    (await adresses.listByClient({ clientId, pageSize: 1, usage })).adresses[0];
  const [client, facturation, livraison, societe] = await Promise.all([
    orUndefined(clients.get({ id: clientId })),
    newest(UsageAdresse.FACTURATION),
    newest(UsageAdresse.LIVRAISON),
    newestSociete(societes, organisationId),
  ]);
  return {
    societe,
    client,
    emetteur: societe && Emetteur.fromPartial({ ...societe, societeId: societe.id }),
    destinataire: client && destinataireOf(client, facturation),
    livraison: livraison && AdressePostale.fromPartial(livraison),
  };
}

const destinataireOf = (client: Client, adresse: Adresse | undefined): Destinataire =>
  Destinataire.fromPartial({
    ...client,
    professionnel: client.type === TypeClient.PROFESSIONNEL,
    adresse: adresse && AdressePostale.fromPartial(adresse),
  });

/** Converts parties for a row. */
export const partiesToColumns = ({ emetteur, destinataire }: Parties) => ({
  ...(emetteur && { emetteur: Emetteur.toJSON(emetteur) as object }),
  ...(destinataire && { destinataire: Destinataire.toJSON(destinataire) as object }),
});

/** Reads parties from a row. */
export const partiesOfRow = (row: { emetteur?: unknown; destinataire?: unknown }): Required<Parties> => ({
  emetteur: row.emetteur ? Emetteur.fromJSON(row.emetteur) : undefined,
  destinataire: row.destinataire ? Destinataire.fromJSON(row.destinataire) : undefined,
});
