import type { Db, Tx } from '@crm/db';
import { StatutPaiement } from '@crm/proto/payments/payments';

export type SequenceType = 'FRST' | 'RCUR';

/**
 * The sequence type of each debit, in their order: FRST for the first one by its mandate, then RCUR.
 * @param used mandates that debits before these use; is changed: those of these debits are added
 */
export async function sequenceTypes(
  tx: Db | Tx,
  debits: { mandatId: string }[],
  used = new Set<string>(),
): Promise<SequenceType[]> {
  const ids = debits.map(({ mandatId }) => mandatId).filter((id) => !used.has(id));
  for (const id of await mandatesInUse(tx, ids)) used.add(id);
  return debits.map(({ mandatId }) => {
    const type = used.has(mandatId) ? 'RCUR' : 'FRST';
    used.add(mandatId);
    return type;
  });
}

/**
 * The mandates that were used: a debit by them was not rejected, or the bank returned it after it was
 * settled. Their next debit is RCUR, that of any other mandate FRST. RCUR is allowed for a first debit too
 * since November 2016 (EPC016-06, AT-21), but some banks still check FRST. After a rejection before
 * settlement the next debit is FRST again; after a return it is not.
 */
async function mandatesInUse(tx: Db | Tx, mandatIds: string[]): Promise<string[]> {
  if (mandatIds.length === 0) return [];
  const rows = await tx.$queryRaw<{ mandat_id: string }[]>`
    SELECT DISTINCT e.mandat_id FROM payments.presentations e JOIN payments.payments p ON p.id = e.payment_id
    WHERE e.mandat_id = ANY(${mandatIds})
      AND (e.retournee OR p.tentative = e.tentative AND p.statut <> ${StatutPaiement.REJETE})`;
  return rows.map(({ mandat_id }) => mandat_id);
}
