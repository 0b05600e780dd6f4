import { dateInParis } from '@crm/domain';
import { RpcError } from '@crm/kit';
import { EtatRapporte, StatutPaiement } from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';
import { collect } from '../confirm-payment.ts';
import { reject } from '../reject-payment.ts';
import type { Settled } from '../settle-payments.ts';
import type { PaymentRow } from '../to-payment.ts';
import type { Staged } from './facts-before.ts';

/** The result of a line. If it is unknown: why. */
export type Outcome = {
  issue: 'CONFIRME' | 'REJETE' | 'FRAIS' | 'INFORMATION' | 'AUTRE' | 'INCONNU';
  motif: string;
};

/** A presented attempt, and when a report rejected it, if one did. */
export type Attempt = { tentative: number; retournee: boolean; rejectedAt: Date | undefined };

/** What a line changes. */
export type Decision = Outcome & {
  /** The payment after the change. Absent: no change. */
  next?: Settled;
  /** The bank returned a settled debit, even if the payment says so already. */
  returned?: boolean;
};

/**
 * The reason code if the bank gives none (ISO 20022 MS03, reason not specified). A person must decide then.
 */
const NO_REASON = 'MS03';
/** The note for a line without a date: the import's time is used. */
const WITHOUT_DATE = 'it bears no date: that of the import was taken';

export const unknown = (motif: string): Outcome => ({ issue: 'INCONNU', motif });

/**
 * Decides what a line means for an attempt, given the state of its payment. What is impossible becomes
 * unknown, for a person.
 */
export function decideLine(
  row: PaymentRow,
  attempt: Attempt,
  line: Pick<Staged, 'etat' | 'motifRejet' | 'survenuAt' | 'motif'>,
): Decision {
  try {
    switch (line.etat) {
      case EtatRapporte.TRANSACTION_ENCAISSEE:
        return collected(row, attempt, line);
      case EtatRapporte.TRANSACTION_RETABLIE:
        return restored(row, attempt, line);
      case EtatRapporte.TRANSACTION_REJETEE:
      case EtatRapporte.TRANSACTION_RETOURNEE:
        return rejected(row, attempt, line);
      case EtatRapporte.TRANSACTION_FRAIS:
        return { issue: 'FRAIS', motif: dated(line) };
      default:
        return decideUnmatched(line);
    }
  } catch (error) {
    if (error instanceof RpcError && error.code === status.FAILED_PRECONDITION) return unknown(error.message);
    throw error;
  }
}

/** Decides about a line that matches no debit of ours. */
export function decideUnmatched({ etat, motif }: Pick<Staged, 'etat' | 'motif'>): Outcome {
  if (etat === EtatRapporte.TRANSACTION_INFORMATION) return { issue: 'INFORMATION', motif };
  if (etat === EtatRapporte.TRANSACTION_AUTRE) return { issue: 'AUTRE', motif };
  if (etat === EtatRapporte.TRANSACTION_FRAIS) return unknown('a charge that names no debit of ours');
  return unknown(motif || 'no debit that was presented has one of its references');
}

type Said = Pick<Staged, 'etat' | 'motifRejet' | 'survenuAt'>;

const dated = ({ survenuAt }: Said): string => (survenuAt ? '' : WITHOUT_DATE);

const decided = (row: PaymentRow, next: Settled, outcome: Outcome): Decision =>
  next === row ? { ...outcome, motif: '' } : { ...outcome, next };

function collected(row: PaymentRow, { tentative, retournee, rejectedAt }: Attempt, line: Said): Decision {
  // a collection comes before its return, whatever date its report has
  if (retournee && row.statut !== StatutPaiement.ENCAISSE) {
    return unknown(`attempt ${tentative} was returned: it is not collected any more`);
  }
  const next = collect(row, { tentative, dateReception: line.survenuAt ?? undefined, rejectedAt });
  return decided(row, next, { issue: 'CONFIRME', motif: dated(line) });
}

/**
 * A credit that cancels a return: the payment is collected again, if it was returned, and not before that.
 */
function restored(row: PaymentRow, { tentative, retournee, rejectedAt }: Attempt, line: Said): Decision {
  if (!retournee || row.statut === StatutPaiement.ENCAISSE || row.statut === StatutPaiement.EMIS) {
    return unknown('a credit that takes a return back, and no such return is known');
  }
  const returnedAt = row.dateRejet ?? rejectedAt ?? row.updatedAt;
  if (!line.survenuAt || dateInParis(line.survenuAt) < dateInParis(returnedAt)) {
    return unknown('a credit that takes a return back, dated before the return');
  }
  const next = collect(row, { tentative, dateReception: line.survenuAt, restored: true });
  return decided(row, next, { issue: 'CONFIRME', motif: '' });
}

/** A rejection of a collected debit is a return, whichever message reports it. */
function rejected(row: PaymentRow, attempt: Attempt, line: Said): Decision {
  const { tentative } = attempt;
  const { etat, motifRejet, survenuAt } = line;
  if (isBeforeRestored(row, attempt, survenuAt)) {
    return unknown('a return dated before the credit that took it back');
  }
  const returned = etat === EtatRapporte.TRANSACTION_RETOURNEE || sinceCollected(row, tentative, survenuAt);
  const next = reject(row, {
    tentative,
    // a bank's own reason may be a text: keep only what can be a code
    motifRejet: motifRejet.replace(/[^A-Z0-9]/gi, '').slice(0, 10) || NO_REASON,
    dateRejet: survenuAt ?? new Date(),
    retourBancaire: returned,
  });
  return { ...decided(row, next, { issue: 'REJETE', motif: dated(line) }), returned };
}

/**
 * The attempt was returned and is collected again: a return of an earlier day is the one that was cancelled.
 */
const isBeforeRestored = (row: PaymentRow, { tentative, retournee }: Attempt, at: Date | null): boolean =>
  retournee &&
  row.statut === StatutPaiement.ENCAISSE &&
  row.tentative === tentative &&
  !!at &&
  !!row.dateReception &&
  dateInParis(at) < dateInParis(row.dateReception);

/** Whether an attempt was collected on that day or before. */
const sinceCollected = (row: PaymentRow, tentative: number, at: Date | null): boolean =>
  row.statut === StatutPaiement.ENCAISSE &&
  row.tentative === tentative &&
  (!at || !row.dateReception || dateInParis(at) >= dateInParis(row.dateReception));
