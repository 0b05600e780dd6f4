import type { Tx } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { invalid, type Call, organisationOrDefault } from '@crm/kit';
import { StatutContrat, type Contrat, type CreateContratRequest } from '@crm/proto/contrats/contrats';
import { v7 } from 'uuid';
import { assertSigned, assertTerms } from './assert-terms.ts';
import { checkParties } from './check-parties.ts';
import type { ContratEntity, Deps } from './contrat-entity.ts';
import { nextReference, skipTakenReferences } from './next-reference.ts';
import { emitSigned } from './signer.ts';
import { referenceTaken } from './reference-taken.ts';

/**
 * Records a contract, signed today unless the request says otherwise. A signed one publishes contract.signed.
 * @throws RpcError INVALID_ARGUMENT: `dateSignature`, `nombreEcheances`, `datePremiereEcheance`;
 *   ALREADY_EXISTS if the organisation has a contract with the reference; as `checkParties`
 */
export function createContrat(contrat: ContratEntity, deps: Deps) {
  return async ({ brouillon, ...request }: CreateContratRequest, call: Call): Promise<Contrat> => {
    if (brouillon && request.dateSignature) {
      throw invalid('dateSignature', 'must be left out: a draft is not signed');
    }
    assertSigned(request.dateSignature);
    const today = todayInParis();
    const fields = {
      ...request,
      organisationId: organisationOrDefault(request.organisationId),
      nombreEcheances: request.nombreEcheances || 1,
      statut: brouillon ? StatutContrat.BROUILLON : StatutContrat.SIGNE,
      dateSignature: brouillon ? '' : request.dateSignature || today,
      signeAt: brouillon ? null : new Date(),
    };
    assertTerms(fields);
    await checkParties(deps, fields, call);
    const create = async (tx: Tx): Promise<Contrat> => {
      const created = request.reference
        ? await insert(tx, fields)
        : await insertWithNextReference(tx, fields, Number(today.slice(0, 4)));
      if (!created) throw referenceTaken(request.reference);
      const message = contrat.toMessage(created);
      if (!brouillon) await emitSigned(tx, message);
      return message;
    };
    return await call.once(create, contrat.repeat);
  };
}

type Fields = Omit<CreateContratRequest, 'brouillon'> & { statut: StatutContrat; signeAt: Date | null };

/**
 * Returns nothing if the reference is taken. It waits for a transaction that has taken it and is not
 * committed yet.
 */
async function insert(tx: Tx, fields: Fields) {
  const [row] = await tx.contrat.createManyAndReturn({
    data: [{ ...fields, id: v7() }],
    skipDuplicates: true,
  });
  return row;
}

/** Skips numbers whose reference somebody has given to a contract already. */
async function insertWithNextReference(tx: Tx, fields: Fields, annee: number) {
  for (;;) {
    const reference = await nextReference(tx, fields.organisationId, annee);
    const row = await insert(tx, { ...fields, reference });
    if (row) return row;
    await skipTakenReferences(tx, fields.organisationId, annee);
  }
}
