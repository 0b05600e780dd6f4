import type { Tx } from '@crm/db';
import { formatEuros } from '@crm/domain';
import { failedPrecondition, notFoundFields, type FieldFault } from '@crm/kit';
import { EtatRapporte } from '@crm/proto/payments/payments';
import { settlePayments } from '../settle-payments.ts';
import type { PaymentRow } from '../to-payment.ts';
import { keepFees } from './bank-fees.ts';
import { decideLine, type Decision, type Outcome } from './decide-line.ts';
import { factsBefore, keyOf, rejectionsBefore, type Staged } from './facts-before.ts';
import type { Presentation } from './match-lines.ts';

/** The payment that a person assigns to a line. */
export type Assigned = {
  paymentId: string;
  /** If omitted: the last one that was presented. */
  tentative?: number | undefined;
  /** What happened, if the line does not say or is wrong. If omitted: what the line says. */
  etat?: EtatRapporte | undefined;
  /** The person accepts that the amount differs from the presented one. */
  montantDifferent: boolean;
};

/** What a line must say to change a debit. */
const FACTS = new Set<string>([
  EtatRapporte.TRANSACTION_ENCAISSEE,
  EtatRapporte.TRANSACTION_REJETEE,
  EtatRapporte.TRANSACTION_RETOURNEE,
  EtatRapporte.TRANSACTION_RETABLIE,
  EtatRapporte.TRANSACTION_FRAIS,
]);

/** The count of the report for each kind of result. */
const COUNTED: Partial<Record<Outcome['issue'], 'confirmes' | 'rejetes' | 'frais'>> = {
  ...{ CONFIRME: 'confirmes', REJETE: 'rejetes', FRAIS: 'frais' },
};

/**
 * Applies an unknown line to the payment that a person names, as if it had matched. The line and the counts
 * of the report are updated. The caller has locked the report and the line.
 * @throws NOT_FOUND (the payment), else FAILED_PRECONDITION LIGNE_PAIEMENT. Both name every obstacle by the
 *   fields of the request; nothing is changed
 */
export async function applyLine(tx: Tx, line: Staged, assigned: Assigned): Promise<void> {
  const etat = assigned.etat ?? (line.etat as EtatRapporte);
  const said = { ...line, etat };
  const row = await lock(tx, assigned.paymentId);
  if (!row) {
    const missing = { field: 'paiement.id', entity: 'payment', id: assigned.paymentId };
    throw notFoundFields([missing], faultsOfLine(said));
  }
  const { faults, presentation, decision, counted } = await judge(tx, said, row, assigned);
  if (faults.length > 0 || !presentation || !decision || !counted) {
    throw failedPrecondition('LIGNE_PAIEMENT', told(faults));
  }
  await write(tx, said, presentation, decision);
  await tx.bankReport.update({
    where: { id: line.reportId },
    data: { inconnus: { decrement: 1 }, [counted]: { increment: 1 } },
  });
}

/** Why `applyLine` would refuse to apply a line, as it is, to an attempt of a payment. Empty: it would not. */
export async function obstacleTo(tx: Tx, line: Staged, row: PaymentRow, tentative: number): Promise<string> {
  const { faults } = await judge(tx, line, row, { paymentId: row.id, tentative, montantDifferent: false });
  return told(faults);
}

const told = (faults: FieldFault[]): string =>
  faults.map(({ field, description }) => (field ? `${field}: ${description}` : description)).join('; ');

/** Decides what a line means for a payment, and everything that is against it. */
async function judge(tx: Tx, said: Staged, row: PaymentRow, assigned: Assigned) {
  const faults = faultsOfLine(said);
  const presentation = await presentationOf(tx, row, assigned, faults);
  const { etat } = said;
  if (presentation && etat !== EtatRapporte.TRANSACTION_FRAIS && !assigned.montantDifferent) {
    faults.push(...faultsOfAmount(said, presentation));
  }
  const decision = presentation && FACTS.has(etat) ? await decide(tx, row, presentation, said) : undefined;
  const counted = decision && COUNTED[decision.issue];
  if (decision && !counted) faults.push({ field: 'paiement.id', description: decision.motif });
  return { faults, presentation, decision, counted };
}

async function lock(tx: Tx, id: string): Promise<PaymentRow | null> {
  await tx.$queryRaw`SELECT id FROM payments.payments WHERE id = ${id} FOR UPDATE`;
  return await tx.payment.findUnique({ where: { id } });
}

/** Why a line cannot belong to any payment. */
function faultsOfLine({ etat, devise, portee, nombre, montant }: Staged): FieldFault[] {
  const faults: FieldFault[] = [];
  if (devise !== 'EUR')
    faults.push({ field: '', description: `the line is in ${devise}, debits are in EUR` });
  if (!FACTS.has(etat)) {
    faults.push({ field: 'paiement.etat', description: 'the line does not say what happened: say it' });
  }
  if ((portee === 'block' || portee === 'file') && nombre !== 1) {
    const debits = nombre === null ? 'several debits' : `${nombre} debits`;
    faults.push({ field: '', description: `the line is of a ${portee} of ${debits}, not of one` });
  }
  if (etat === EtatRapporte.TRANSACTION_FRAIS && !montant) {
    faults.push({ field: 'paiement.etat', description: 'the line says no amount that was charged' });
  }
  return faults;
}

/** Finds the attempt. If it was not presented, a fault is added. */
async function presentationOf(
  tx: Tx,
  { id: paymentId, statut }: PaymentRow,
  { tentative }: Assigned,
  faults: FieldFault[],
): Promise<Presentation | null> {
  const found = await tx.presentation.findFirst({
    where: { paymentId, ...(tentative && { tentative }) },
    orderBy: { tentative: 'desc' },
  });
  if (!found) {
    faults.push(
      tentative
        ? { field: 'paiement.tentative', description: `attempt ${tentative} was not presented to the bank` }
        : { field: 'paiement.id', description: `the payment was never presented to the bank (${statut})` },
    );
  }
  return found;
}

function faultsOfAmount({ montant, montantNet, somme }: Staged, presented: Presentation): FieldFault[] {
  const amount = montant ?? somme;
  if (amount === null || [amount, montantNet].includes(presented.montant)) return [];
  const description = `the line is of ${formatEuros(amount)}, ${formatEuros(presented.montant)} were presented: say that it is meant`;
  return [{ field: 'paiement.montantDifferent', description }];
}

/** As for a matched line: a fact that another report has told already changes nothing. */
async function decide(tx: Tx, row: PaymentRow, presentation: Presentation, said: Staged): Promise<Decision> {
  const { id: presentationId, tentative, retournee } = presentation;
  const before = await factsBefore(tx, [presentationId]);
  const told = before.find((fact) => keyOf(fact) === keyOf({ ...said, presentationId }));
  if (told) return { issue: told.issue, motif: 'told before' };
  const rejectedAt = (await rejectionsBefore(tx, [presentationId])).get(presentationId);
  return decideLine(row, { tentative, retournee, rejectedAt }, said);
}

async function write(tx: Tx, line: Staged, presentation: Presentation, decision: Decision): Promise<void> {
  const { id: presentationId, paymentId, tentative } = presentation;
  const { issue, motif, next, returned } = decision;
  if (next) await settlePayments(tx, [next]);
  if (returned) {
    await tx.presentation.update({ where: { id: presentationId }, data: { retournee: true } });
  }
  const fee = issue === 'FRAIS' ? line.montant : line.frais;
  if (fee && fee > 0n) await keepFees(tx, [{ paymentId, tentative, montant: fee, at: line.survenuAt }]);
  const { reportId, rang, etat } = line;
  await tx.reportTransaction.update({
    where: { reportId_rang: { reportId, rang } },
    data: { etat, issue, motif, appariePar: 'PERSONNE', presentationId, paymentId },
  });
}
