import { dateInParis } from '@crm/domain';
import { RpcError } from '@crm/kit';
import { EtatRapporte, StatutPaiement } from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';
import { collect } from '../confirm-payment.ts';
import { reject } from '../reject-payment.ts';
import type { Settled } from '../settle-payments.ts';
import type { PaymentRow } from '../to-payment.ts';
import type { Staged } from './facts-before.ts';

/** What a line of a report did; where it is unknown, why. */
export type Outcome = {
  issue: 'CONFIRME' | 'REJETE' | 'FRAIS' | 'INFORMATION' | 'AUTRE' | 'INCONNU';
  motif: string;
};

/** An attempt as it was presented, and when it was rejected, if a report did. */
export type Attempt = { tentative: number; retournee: boolean; rejectedAt: Date | undefined };

/** What follows from a line for its payment. */
export type Decision = Outcome & {
  /** The payment as it becomes; left out where nothing of it changes. */
  next?: Settled;
  /** The bank took it back after it had settled it, also where the payment says so already. */
  returned?: boolean;
};

/** What a person is told who must decide: the bank gives no reason (ISO 20022: reason not specified). */
const NO_REASON = 'MS03';
/** Said where the import's time is a payment's, and not the bank's. */
const WITHOUT_DATE = 'it bears no date: that of the import was taken';

export const unknown = (motif: string): Outcome => ({ issue: 'INCONNU', motif });

/** What a line says of an attempt, decided by where its payment stands. What cannot be is unknown, for a person. */
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

/** What a line is that is of no debit of ours, as far as anybody can say. */
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
  // a collection comes before its return, whatever date a report of it bears
  if (retournee && row.statut !== StatutPaiement.ENCAISSE) {
    return unknown(`attempt ${tentative} was returned: it is not collected any more`);
  }
  const next = collect(row, { tentative, dateReception: line.survenuAt ?? undefined, rejectedAt });
  return decided(row, next, { issue: 'CONFIRME', motif: dated(line) });
}

/** A credit that takes a return back: the payment is collected again, where it was returned, and no later than that. */
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

/** A bank that rejects what it has collected returns it, whichever message it says so by. */
function rejected(row: PaymentRow, attempt: Attempt, line: Said): Decision {
  const { tentative } = attempt;
  const { etat, motifRejet, survenuAt } = line;
  if (isBeforeRestored(row, attempt, survenuAt)) {
    return unknown('a return dated before the credit that took it back');
  }
  const returned = etat === EtatRapporte.TRANSACTION_RETOURNEE || sinceCollected(row, tentative, survenuAt);
  const next = reject(row, {
    tentative,
    // a bank's own may be in words: what a reason can be of it
    motifRejet: motifRejet.replace(/[^A-Z0-9]/gi, '').slice(0, 10) || NO_REASON,
    dateRejet: survenuAt ?? new Date(),
    retourBancaire: returned,
  });
  return { ...decided(row, next, { issue: 'REJETE', motif: dated(line) }), returned };
}

/** An attempt that was returned and is collected was restored: a return of an earlier day is the one that was taken back. */
const isBeforeRestored = (row: PaymentRow, { tentative, retournee }: Attempt, at: Date | null): boolean =>
  retournee &&
  row.statut === StatutPaiement.ENCAISSE &&
  row.tentative === tentative &&
  !!at &&
  !!row.dateReception &&
  dateInParis(at) < dateInParis(row.dateReception);

/** Whether an attempt was collected, on that day or before. */
const sinceCollected = (row: PaymentRow, tentative: number, at: Date | null): boolean =>
  row.statut === StatutPaiement.ENCAISSE &&
  row.tentative === tentative &&
  (!at || !row.dateReception || dateInParis(at) >= dateInParis(row.dateReception));
