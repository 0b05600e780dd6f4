import type { Tx } from '@crm/db';
import { dateInParis, todayInParis } from '@crm/domain';

/** A bank charge for an attempt of a payment. */
export type BankFee = {
  paymentId: string;
  tentative: number;
  /** Cents. */
  montant: bigint;
  /** The booking date. null: the bank does not say; then it is today. */
  at: Date | null;
};

/**
 * Stores charges with their payments, at most one per payment and call. The same charge of an attempt and a
 * day is stored once. The caller has locked the payments. Nothing else of them changes.
 */
export async function keepFees(tx: Tx, fees: BankFee[]): Promise<void> {
  if (fees.length === 0) return;
  const rows = fees.map(({ paymentId, tentative, montant, at }) => ({
    paymentId,
    frais: { tentative, montant: Number(montant), date: at ? dateInParis(at) : todayInParis() },
  }));
  await tx.$executeRaw`
    UPDATE payments.payments p SET frais_bancaires = p.frais_bancaires || r.frais, updated_at = now()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("paymentId" text, frais jsonb)
    WHERE p.id = r."paymentId" AND NOT p.frais_bancaires @> jsonb_build_array(r.frais)`;
}
