import { EtatRapporte } from '@crm/proto/payments/payments';
import type { Subject } from './bank-subject.ts';
import type { Amount } from './element-texts.ts';

/** The facts of an entry, a batch or a transaction that decide what happened. */
export type Movement = {
  /** Sts: booked, pending or for information. Empty: not given, which means booked. */
  status: string;
  /** CRDT or DBIT. */
  direction: string;
  /** RvslInd: it reverses an earlier entry. */
  reversal: boolean;
  /** It has return information. */
  returned: boolean;
  subject: Subject;
  /** It has a reference in the form of ours. */
  own: boolean;
  /** The bank's free text. */
  wording: string;
  presented: Amount | undefined;
  /** Why its amounts are impossible, in words. Empty: they are not. */
  contradiction?: string;
};

type Fate = { etat: EtatRapporte; motif: string };

const NOT_FINAL = new Set(['PDNG', 'INFO', 'FUTR']);
/** Words for charges in banks' texts. */
const CHARGE = /\b(frais|commissions?|agios|fees?|charges?|entgelte?|provision)\b|geb(ü|ue)hr/i;

/**
 * Decides what an entry says happened, from direction, reversal, return information and code together. Money
 * that comes in is never a return. A contradiction is left to a person. An entry is not about direct debits
 * if its code says so, it has no reference of ours, and it is not outgoing money with return information,
 * which may be a return of ours.
 */
export function entryFate(movement: Movement): Fate {
  const { status, direction, subject, own, contradiction } = movement;
  if (NOT_FINAL.has(status)) return { etat: EtatRapporte.TRANSACTION_INFORMATION, motif: `status ${status}` };
  const mayBeReturn = direction === 'DBIT' && movement.returned;
  if (subject === 'other' && !own && !mayBeReturn) return OTHER;
  if (CHARGES.has(subject) && !mayBeReturn) return chargeFate(movement);
  if (status !== '' && status !== 'BOOK') return unclear(`status ${status}`);
  if (contradiction) return unclear(contradiction);
  if (direction === 'CRDT') return creditFate(movement);
  if (direction === 'DBIT') return debitFate(movement);
  return unclear(direction ? `direction ${direction}` : 'neither a credit nor a debit');
}

const CHARGES = new Set<Subject>(['charge', 'other charge']);
const OTHER: Fate = { etat: EtatRapporte.TRANSACTION_AUTRE, motif: 'not about direct debits' };
const unclear = (motif: string): Fate => ({ etat: EtatRapporte.TRANSACTION_INDETERMINEE, motif });

/**
 * A charge. It is not about direct debits if it is for no debit of ours, or if it is a refunded charge
 * without a reference.
 */
function chargeFate({ subject, direction, reversal, own }: Movement): Fate {
  if (subject === 'other charge' && !own) return OTHER;
  if (direction === 'DBIT' && !reversal) return { etat: EtatRapporte.TRANSACTION_FRAIS, motif: '' };
  return own ? unclear('a charge that comes back') : OTHER;
}

/** Incoming money. A credit that reverses an entry reverses a debit: it cancels a return. */
function creditFate({ reversal, returned, subject }: Movement): Fate {
  if (reversal || subject === 'return') return { etat: EtatRapporte.TRANSACTION_RETABLIE, motif: '' };
  if (returned) return unclear('a credit that bears a reason of a return');
  return { etat: EtatRapporte.TRANSACTION_ENCAISSEE, motif: '' };
}

/** Outgoing money. */
function debitFate({ reversal, returned, subject, wording }: Movement): Fate {
  if (!reversal && !returned && subject !== 'return' && CHARGE.test(wording)) {
    return unclear(CHARGE_IN_WORDS);
  }
  return { etat: EtatRapporte.TRANSACTION_RETOURNEE, motif: '' };
}

/** The note for a debit that only its text calls a charge. */
export const CHARGE_IN_WORDS = 'its text says that it is a charge';
