import { LAST_PLANNED, todayInParis } from '@crm/domain';
import { failedPrecondition, invalid } from '@crm/kit';
import type { Contrat } from '@crm/proto/contrats/contrats';

type Terms = Pick<Contrat, 'montantTotal' | 'nombreEcheances' | 'datePremiereEcheance'>;

/**
 * Why a contract's payments cannot be planned: an instalment below a cent, or a first date outside of what
 * payments accept. Undefined if they can.
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
 * For a draft from before its terms were checked: not the fault of the request that signs it.
 * @throws RpcError FAILED_PRECONDITION with CONTRAT_ECHEANCES, naming the field
 */
export function assertSignable(terms: Terms): void {
  const fault = termsFault(terms);
  if (fault) throw failedPrecondition('CONTRAT_ECHEANCES', `${fault.field}: ${fault.description}`);
}

/** @throws RpcError INVALID_ARGUMENT if the date of a signature is in the future */
export function assertSigned(dateSignature: string): void {
  if (dateSignature > todayInParis()) throw invalid('dateSignature', 'must not lie in the future');
}
