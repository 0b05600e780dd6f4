import { assertKnown } from '@crm/domain';
import { type Call } from '@crm/kit';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Deps } from './contrat-entity.ts';

type References = Pick<Contrat, 'organisationId' | 'clientId' | 'produitId' | 'apporteurId' | 'mandatId'>;
type Parties = References & Pick<Contrat, 'montantTotal' | 'nombreEcheances' | 'datePremiereEcheance'>;

/**
 * Checks that the client, product, apporteur and mandate of a contract exist, as far as they are given, if
 * the organisation was set up in Suivi.
 * @returns whether it was set up
 * @throws {RpcError} as `assertKnown`
 */
export const checkReferences = (
  { organisations, clients, produits, apporteurs, mandats }: Deps,
  { organisationId, clientId, produitId, apporteurId, mandatId }: References,
  call: Call,
): Promise<boolean> =>
  assertKnown(organisations, call, organisationId, [
    { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
    {
      ...{ field: 'produitId', entity: 'produit', id: produitId },
      // organisations share products
      get: async (request) => {
        await produits.get(request);
        return {};
      },
    },
    { field: 'apporteurId', entity: 'apporteur', id: apporteurId, get: apporteurs.get },
    { field: 'mandatId', entity: 'mandat', id: mandatId, get: mandats.get },
  ]);

/**
 * As `checkReferences`, and also checks that the mandate can debit the client: otherwise the handler of the
 * signature's event would fail later, when nobody looks.
 * @throws {RpcError} as `assertKnown`; as payments.MandateService/Verifier
 */
export async function checkParties(deps: Deps, parties: Parties, call: Call): Promise<void> {
  const { organisationId, clientId, mandatId, montantTotal, nombreEcheances } = parties;
  const datePrevue = parties.datePremiereEcheance;
  if (!(await checkReferences(deps, parties, call)) || !mandatId) return;
  const montant = montantTotal / BigInt(nombreEcheances);
  await deps.mandats.verifier({ organisationId, clientId, mandatId, montant, datePrevue });
}
