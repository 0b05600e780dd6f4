import { LAST_PLANNED, todayInParis } from '@crm/domain';
import { failedPrecondition, invalid } from '@crm/kit';
import type { Contrat } from '@crm/proto/contrats/contrats';

type Terms = Pick<Contrat, 'montantTotal' | 'nombreEcheances' | 'datePremiereEcheance'>;

/**
 * What keeps a contract from having a schedule of payments: instalments that are less than a cent, or of which the
 * first is later than what payments plan from. Undefined where nothing does.
 */
function termsFault({ montantTotal, nombreEcheances, datePremiereEcheance }: Terms) {
  if (montantTotal > 0n && BigInt(nombreEcheances) > montantTotal) {
    return { field: 'nombreEcheances', description: 'must leave a cent at least for each instalment' };
  }
  return datePremiereEcheance > LAST_PLANNED
    ? { field: 'datePremiereEcheance', description: `must not be later than ${LAST_PLANNED}` }
    : undefined;
}

/** @throws RpcError INVALID_ARGUMENT: `nombreEcheances`, `datePremiereEcheance` */
export function assertTerms(terms: Terms): void {
  const fault = termsFault(terms);
  if (fault) throw invalid(fault.field, fault.description);
}

/**
 * Of a draft from before its terms were checked: the request that signs it is not at fault.
 * @throws RpcError FAILED_PRECONDITION with CONTRAT_ECHEANCES, naming the field
 */
export function assertSignable(terms: Terms): void {
  const fault = termsFault(terms);
  if (fault) throw failedPrecondition('CONTRAT_ECHEANCES', `${fault.field}: ${fault.description}`);
}

/** @throws RpcError INVALID_ARGUMENT: a signature is a fact, not a plan */
export function assertSigned(dateSignature: string): void {
  if (dateSignature > todayInParis()) throw invalid('dateSignature', 'must not lie in the future');
}
