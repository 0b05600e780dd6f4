import { assertKnown, type Needed, newestSociete, type Organisations } from '@crm/domain';
import { type Call, type Connected } from '@crm/kit';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import type { Directory } from './parties.ts';

/** The services that factures asks about parties. */
export type Register = Directory & {
  organisations: Organisations;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
};

/** The references of an invoice or a credit note. */
type Parties = { organisationId: string; clientId?: string; contratId?: string };

/**
 * Checks client and issuer before a legal number is used, if the organisation was set up in Suivi: without a
 * seller it is not an invoice (CGI, annexe II, art. 242 nonies A, I, 1°).
 * @throws {RpcError} as `assertKnown`; FAILED_PRECONDITION SOCIETE if only the seller is missing
 */
export async function checkParties(
  { organisations, clients, contrats, societes }: Register,
  { organisationId, clientId = '', contratId = '' }: Parties,
  call: Call,
): Promise<void> {
  const seller: Needed = {
    reason: 'SOCIETE',
    async fault() {
      if (await newestSociete(societes, organisationId)) return undefined;
      const description =
        `${organisationId} has no société that could issue it: create one first ` +
        '(organisations.SocieteService/Create)';
      return { field: 'organisationId', description };
    },
  };
  const sought = [
    { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
    { field: 'contratId', entity: 'contrat', id: contratId, get: contrats.get },
  ];
  await assertKnown(organisations, call, organisationId, sought, seller);
}
