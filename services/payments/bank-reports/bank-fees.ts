import type { Tx } from '@crm/db';
import { dateInParis, todayInParis } from '@crm/domain';

/** A charge of the bank for an attempt of a payment. */
export type BankFee = {
  paymentId: string;
  tentative: number;
  /** Cents. */
  montant: bigint;
  /** When it was booked; null: the bank does not say, today. */
  at: Date | null;
};

/**
 * Keeps charges with their payments, at most one a payment; the same of an attempt and a day is one. The caller has
 * locked the payments. It changes nothing else of them.
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
