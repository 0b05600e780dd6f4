import { createHash } from 'node:crypto';
import type { Db } from '@crm/db';
import {
  EmitResponse,
  PaiementPresentable,
  StatutPaiement,
  TotalPaiements,
  type PaiementEcarte,
} from '@crm/proto/payments/payments';
import { toBlocs } from './blocs.ts';
import { dueDebits, type Due, type DuePayment } from './due-payments.ts';
import { leftToDebit } from './invoice-amounts.ts';
import { MOST_LISTED, summarize } from './left-out.ts';
import { BATCH, type Run } from './present-payments.ts';
import { sequenceTypes, type SequenceType } from './sequence-types.ts';
import { sortOut, type SortedOut, type Taken } from './sort-out.ts';

/** A debit that would be presented. */
type Foreseen = Taken & { sequence: SequenceType };

/** Computes what `Emit` would do now, by the same functions. Locks and changes nothing. */
export async function simulate(db: Db, run: Run, payments: DuePayment[]): Promise<EmitResponse> {
  const { taken, leftOut } = await foresee(db, run, payments);
  const [aVenir, sansMandat] = await Promise.all([notDueYet(db, run.due), withoutMandate(db, run.due)]);
  return EmitResponse.fromPartial({
    nombre: taken.length,
    total: taken.reduce((sum, { montant }) => sum + montant, 0n),
    ...summarize(leftOut),
    presentables: taken
      .slice(0, MOST_LISTED)
      .map(({ id: paymentId, prenotifieAt, ...debit }) =>
        PaiementPresentable.fromPartial({ paymentId, ...(prenotifieAt && { prenotifieAt }), ...debit }),
      ),
    blocs: toBlocs(
      taken.map(({ organisationId, sequence, montant }) => ({
        ...{ organisationId, sequence, nombre: 1, total: montant },
      })),
      (organisationId) => run.creditors.byOrganisation.get(organisationId),
    ),
    empreinte: fingerprint(taken),
    ...{ aVenir, sansMandat },
  });
}

/** What would be presented of these payments, and what would be left out. */
export async function foresee(
  db: Db,
  run: Run,
  payments: DuePayment[],
): Promise<{ taken: Foreseen[]; leftOut: PaiementEcarte[] }> {
  const [taken, leftOut]: [Foreseen[], PaiementEcarte[]] = [[], []];
  const left = await leftToDebit(db, run.collection.invoices);
  const used = new Set<string>();
  for (let at = 0; at < payments.length; at += BATCH) {
    const sorted = await sortOutBatch(db, run, payments.slice(at, at + BATCH), left);
    const sequences = await sequenceTypes(db, sorted.taken, used);
    taken.push(...sorted.taken.map((debit, index) => ({ ...debit, sequence: sequences[index]! })));
    leftOut.push(...sorted.leftOut);
  }
  return { taken, leftOut };
}

export const sortOutBatch = async (
  db: Db,
  run: Run,
  payments: DuePayment[],
  left: Map<string, bigint>,
): Promise<SortedOut> =>
  sortOut(
    await dueDebits(
      db,
      run.due,
      payments.map(({ id }) => id),
      { locked: false },
    ),
    run.collection,
    left,
  );

/** Identifies debits with their attempts, mandates and amounts. They are in order of their ids. */
export function fingerprint(taken: Taken[]): string {
  const hash = createHash('sha256');
  for (const { id, tentative, mandatId, montant } of taken)
    hash.update(`${id} ${tentative} ${mandatId} ${montant}\n`);
  return hash.digest('hex');
}

type Sum = { nombre: number; total: bigint; premier: string };

/** The planned debits of later days. */
async function notDueYet(db: Db, { dateCollecte, organisationId }: Due): Promise<TotalPaiements> {
  const [sum] = await db.$queryRaw<Sum[]>`
    SELECT count(*)::int AS nombre, coalesce(sum(p.montant), 0)::bigint AS total,
      coalesce(min(p.date_prevue), '') AS premier
    FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
    WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue > ${dateCollecte}
      AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;
  return TotalPaiements.fromPartial(sum!);
}

/** The payments that are due and that nothing can be debited for: no mandate says so. */
async function withoutMandate(db: Db, { dateCollecte, organisationId }: Due): Promise<TotalPaiements> {
  const [sum] = await db.$queryRaw<Sum[]>`
    SELECT count(*)::int AS nombre, coalesce(sum(p.montant), 0)::bigint AS total,
      coalesce(min(p.date_prevue), '') AS premier
    FROM payments.payments p
    WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte}
      AND NOT EXISTS (SELECT FROM payments.mandates m WHERE m.id = p.mandat_id)
      AND (${organisationId} = '' OR p.organisation_id = ${organisationId})`;
  return TotalPaiements.fromPartial(sum!);
}
