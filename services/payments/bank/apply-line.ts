import type { Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import { EtatRapporte } from '@crm/proto/payments/payments';
import { lockPayment } from '../lock-payment.ts';
import { settlePayments } from '../settle-payments.ts';
import { keepFees } from './bank-fees.ts';
import { decideLine, type Outcome } from './decide-line.ts';
import { rejectionsBefore, type Staged } from './facts-before.ts';

/** Which payment a person says that a line is of. */
export type Assigned = {
  paymentId: string;
  /** Left out: the last one that was presented. */
  tentative?: number | undefined;
  /** What happened, where the line does not say or says it wrongly. Left out: what the line says. */
  etat?: EtatRapporte | undefined;
};

/**
 * Applies an unknown line to the payment that a person names, as if it had been matched: the person answers for amount and
 * currency. The line and its report say so, as does whoever asks what is unknown. The caller has locked the line.
 * @throws NOT_FOUND (the payment); FAILED_PRECONDITION: LIGNE_CONNUE (it is not unknown), LIGNE_TENTATIVE (no such attempt
 * was presented), LIGNE_ETAT (what it says cannot be of that payment as it stands; nothing is changed)
 */
export async function applyLine(tx: Tx, line: Staged, assigned: Assigned): Promise<Outcome> {
  if (line.issue !== 'INCONNU') throw failedPrecondition('LIGNE_CONNUE', 'the line is not unknown');
  const row = await lockPayment(tx, assigned.paymentId);
  const presentation = await tx.presentation.findFirst({
    where: { paymentId: row.id, ...(assigned.tentative && { tentative: assigned.tentative }) },
    orderBy: { tentative: 'desc' },
  });
  if (!presentation) throw failedPrecondition('LIGNE_TENTATIVE', 'no such attempt was presented');
  const { id: presentationId, tentative, retournee } = presentation;
  const rejectedAt = (await rejectionsBefore(tx, [presentationId])).get(presentationId);
  const etat = assigned.etat ?? line.etat;
  const decision = decideLine(row, { tentative, retournee, rejectedAt }, { ...line, etat });
  if (!COUNTED[decision.issue])
    throw failedPrecondition('LIGNE_ETAT', decision.motif || `${etat} is no fact`);
  if (decision.next) await settlePayments(tx, [decision.next]);
  if (decision.returned) {
    await tx.presentation.update({ where: { id: presentationId }, data: { retournee: true } });
  }
  const fee = decision.issue === 'FRAIS' ? line.montant : line.frais;
  if (fee && fee > 0n) {
    await keepFees(tx, [{ paymentId: row.id, tentative, montant: fee, at: line.survenuAt }]);
  }
  const { issue, motif } = decision;
  const { reportId, rang } = line;
  await tx.reportTransaction.update({
    where: { reportId_rang: { reportId, rang } },
    data: { etat, issue, motif, appariePar: 'PERSONNE', presentationId, paymentId: row.id },
  });
  await tx.bankReport.update({
    where: { id: reportId },
    data: { inconnus: { decrement: 1 }, [COUNTED[issue]!]: { increment: 1 } },
  });
  return { issue, motif };
}

/** Where a report counts what a line did. */
const COUNTED: Partial<Record<Outcome['issue'], 'confirmes' | 'rejetes' | 'frais'>> = {
  ...{ CONFIRME: 'confirmes', REJETE: 'rejetes', FRAIS: 'frais' },
};
