import { GenreAttente, type CreateAttenteRequest } from '@crm/proto/relance/attentes';
import { PlainError } from '../plain-error.ts';
import { checkDate } from './check-date.ts';

/** The kinds of holds, in the words of the command. */
export const HOLD_KINDS: Record<string, GenreAttente> = {
  promesse: GenreAttente.PROMESSE,
  echeancier: GenreAttente.ECHEANCIER,
  litige: GenreAttente.LITIGE,
  'sur-accord': GenreAttente.SUR_ACCORD,
  reponse: GenreAttente.REPONSE,
};

/** The options of `holds create` that say what is agreed. */
export type HoldOptions = {
  until?: string;
  amount?: string;
  instalment?: string[];
  grace?: string;
  why?: string;
};

/**
 * The request for a hold, without whose it is.
 * @throws {PlainError} naming everything that is wrong, by flag
 */
export function toHold(kind: string, { until = '', amount, instalment = [], grace, why = '' }: HoldOptions) {
  const faults: string[] = [];
  const told = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      faults.push(error.message);
      return undefined;
    }
  };
  const genre = Object.hasOwn(HOLD_KINDS, kind) ? HOLD_KINDS[kind]! : undefined;
  if (!genre) faults.push(`${kind} is no kind of hold: ${Object.keys(HOLD_KINDS).join(', ')}.`);
  if (until) told(() => checkDate('--until', until));
  const montant = amount === undefined ? 0n : told(() => centsOf('--amount', amount));
  const echeances = instalment.map((one) =>
    told(() => {
      const [, date = one, euros = ''] = /^([^:]*):(.*)$/.exec(one) ?? [];
      checkDate('--instalment', date);
      return { date, montant: centsOf('--instalment', euros) };
    }),
  );
  if (grace !== undefined && !/^\d{1,2}$/.test(grace)) faults.push(`--grace ${grace} is no number of days.`);
  if (faults.length > 0) throw new PlainError(faults.join('\n'));
  return {
    genre: genre!,
    motif: why,
    jusquAu: until,
    montant: montant ?? 0n,
    echeances: echeances as CreateAttenteRequest['echeances'],
    ...(grace !== undefined && { graceJours: Number(grace) }),
  };
}

/** "1200", "1 200,50 €" or "1200.50" in cents. */
function centsOf(flag: string, euros: string): bigint {
  const [, whole, cents = ''] = /^(\d{1,10})(?:[.,](\d{1,2}))?$/.exec(euros.replaceAll(/\s|€$/g, '')) ?? [];
  const amount = whole === undefined ? 0n : BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  if (amount === 0n) throw new PlainError(`${flag} ${euros} is no amount in euros: say 1200 or 1200,50.`);
  return amount;
}
