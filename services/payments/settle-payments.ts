import type { Tx } from '@crm/db';
import { emitAll } from '@crm/kit';
import { StatutPaiement } from '@crm/proto/payments/payments';
import { recordMouvements } from './mouvements.ts';
import type { PaymentRow } from './to-payment.ts';

/** The columns that change when a payment is collected or rejected. */
type Outcome = Pick<
  PaymentRow,
  'statut' | 'tentative' | 'dateReception' | 'dateRejet' | 'motifRejet' | 'sequence' | 'updatedAt'
>;

/** A payment after its result is known. `returned`: the bank took it back after it had settled it. */
export type Settled = PaymentRow & { returned?: boolean };

/** The payment with the result of an attempt. */
export const settled = (
  row: PaymentRow,
  outcome: Omit<Outcome, 'sequence' | 'updatedAt' | 'tentative'> & { tentative?: number },
): PaymentRow => ({ ...row, ...outcome, sequence: row.sequence + 1, updatedAt: new Date() });

/**
 * Writes collected and rejected payments and publishes payment.received and payment.rejected, with a few
 * statements for any number of payments. The caller has locked them.
 */
export async function settlePayments(tx: Tx, rows: Settled[]): Promise<void> {
  if (rows.length === 0) return;
  const outcomes = rows.map(
    ({ id, statut, tentative, dateReception, dateRejet, motifRejet, sequence, updatedAt }) => ({
      ...{ id, statut, tentative, dateReception, dateRejet, motifRejet, sequence, updatedAt },
    }),
  );
  await tx.$executeRaw`
    UPDATE payments.payments p
    SET statut = r.statut, tentative = r.tentative, date_reception = r."dateReception", date_rejet = r."dateRejet",
      motif_rejet = r."motifRejet", sequence = r.sequence, updated_at = r."updatedAt"
    FROM jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) AS r(id text, statut text, tentative int,
      "dateReception" timestamptz, "dateRejet" timestamptz, "motifRejet" text, sequence int, "updatedAt" timestamptz)
    WHERE p.id = r.id`;
  await recordMouvements(tx, rows);
  const returned = rows
    .filter((row) => row.returned)
    .map(({ id, tentative }) => ({ paymentId: id, tentative }));
  if (returned.length) {
    // a returned payment had been settled: the mandate counts as used, and its next debit is not a first one
    await tx.presentation.updateMany({ where: { OR: returned }, data: { retournee: true } });
  }
  const facts = rows.map((row) => {
    const { id: paymentId, scheduleId, invoiceId, organisationId, clientId, montant } = row;
    const occurrence = [String(row.tentative), String(row.sequence)];
    return {
      row,
      fields: { paymentId, scheduleId, invoiceId, organisationId, clientId, montant },
      occurrence,
    };
  });
  const received = facts.filter(({ row }) => row.statut === StatutPaiement.ENCAISSE);
  await emitAll(
    tx,
    'payment.received',
    received.map(({ row, fields, occurrence }) => ({
      fields: { ...fields, dateReception: row.dateReception! },
      occurrence,
    })),
  );
  const rejected = facts.filter(({ row }) => row.statut === StatutPaiement.REJETE);
  await emitAll(
    tx,
    'payment.rejected',
    rejected.map(({ row: { motifRejet, dateRejet, tentative }, fields, occurrence }) => ({
      fields: { ...fields, motifRejet, dateRejet: dateRejet!, tentative },
      occurrence,
    })),
  );
}
