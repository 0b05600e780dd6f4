import { EtatRapporte } from '@crm/proto/payments/payments';
import type { Subject } from './bank-subject.ts';
import type { Amount } from './element-texts.ts';

/** What an entry of the account says of a transaction, a batch or itself. */
export type Movement = {
  /** Sts: booked, pending, for information; empty where it does not say, which is booked. */
  status: string;
  /** CRDT or DBIT. */
  direction: string;
  /** RvslInd. */
  reversal: boolean;
  /** There is return information. */
  returned: boolean;
  subject: Subject;
  /** It has a reference of the form of ours. */
  own: boolean;
  /** What the bank says in words. */
  wording: string;
  presented: Amount | undefined;
  /** Why its amounts cannot be, in words; empty where they can. */
  contradiction?: string;
};

type Fate = { etat: EtatRapporte; motif: string };

const NOT_FINAL = new Set(['PDNG', 'INFO', 'FUTR']);
/** Words for charges. */
const CHARGE = /\b(frais|commissions?|agios|fees?|charges?|entgelte?|provision)\b|geb(ü|ue)hr/i;

/**
 * What an entry says happened, by its direction, reversal, return information and code together: money that comes is
 * never a return, and what contradicts itself is for a person. What has another code than a direct debit's, none of our
 * references and no return information on money that leaves is not about debits; whatever may be a return of ours is.
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

/** A charge. One that is for no debit of ours, and one that comes back and names none, is not about debits. */
function chargeFate({ subject, direction, reversal, own }: Movement): Fate {
  if (subject === 'other charge' && !own) return OTHER;
  if (direction === 'DBIT' && !reversal) return { etat: EtatRapporte.TRANSACTION_FRAIS, motif: '' };
  return own ? unclear('a charge that comes back') : OTHER;
}

/** Money that comes. A credit that reverses an entry reverses a debit: it takes a return back. */
function creditFate({ reversal, returned, subject }: Movement): Fate {
  if (reversal || subject === 'return') return { etat: EtatRapporte.TRANSACTION_RETABLIE, motif: '' };
  if (returned) return unclear('a credit that bears a reason of a return');
  return { etat: EtatRapporte.TRANSACTION_ENCAISSEE, motif: '' };
}

/** Money that leaves. */
function debitFate({ reversal, returned, subject, wording }: Movement): Fate {
  if (!reversal && !returned && subject !== 'return' && CHARGE.test(wording)) {
    return unclear(CHARGE_IN_WORDS);
  }
  return { etat: EtatRapporte.TRANSACTION_RETOURNEE, motif: '' };
}

/** Of a debit that its text alone says to be a charge. */
export const CHARGE_IN_WORDS = 'its text says that it is a charge';
