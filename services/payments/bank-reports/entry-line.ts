import { EtatRapporte } from '@crm/proto/payments/payments';
import { isOwnId } from '../debits/own-id.ts';
import { bankInstant } from './bank-instant.ts';
import { bankSubject } from './bank-subject.ts';
import type { Amount, ElementTexts } from './element-texts.ts';
import { entryFate, type Movement } from './entry-fate.ts';
import { EMPTY_LINE, type ReportLine } from './report-line.ts';

/** Where an entry says its day, the booking first. */
export const DAYS = ['BookgDt/DtTm', 'BookgDt/Dt', 'ValDt/DtTm', 'ValDt/Dt'];

/** A batch within an entry: its texts, and how much of it the report lists. */
export type Batch = { texts: ElementTexts; listed: number; sum: bigint | undefined };

/** An entry of the account, while it is read. */
export type Entry = {
  texts: ElementTexts;
  groupe: number;
  direction: string;
  transactions: number;
  /**
   * Its first transaction, held back until the next one begins: a single transaction shares the entry's
   * amount.
   */
  held: { texts: ElementTexts; batch: Batch | undefined } | undefined;
  batches: number;
  /** Its first batch, held back in the same way. */
  first: Batch | undefined;
  /**
   * The sum of its transactions and batches in cents, negative in the other direction; undefined: unknown.
   */
  accounted: bigint | undefined;
  /** Some of its transactions have no amount: it is known only once their debits are found. */
  unsaid: boolean;
  /** The charges of its transactions. */
  charges: bigint;
};

type Given = Partial<ReportLine> & Pick<ReportLine, 'portee'>;
type Moved = Omit<Movement, 'status' | 'reversal' | 'own'> & { booked: Amount | undefined; charges: bigint };

/** Makes the line of a transaction or an entry. */
export function lineOf(of: Entry, { booked, charges, ...moved }: Moved, given: Given): ReportLine {
  const { texts, groupe } = of;
  const ids = [given.endToEndId, given.instrId, given.blocId, given.messageId];
  const reversal = isTrue(texts.text('RvslInd'));
  const contradiction = contradictionOf(moved.presented, booked, charges);
  // if two amounts contradict each other, the account shows this one
  const presented = contradiction && booked ? booked : moved.presented;
  const fate = entryFate({
    ...{ ...moved, reversal, status: texts.text('Sts/Cd', 'Sts', 'Sts/Prtry') },
    own: ids.some((id) => id !== undefined && isOwnId(id)),
    contradiction,
  });
  const readable = presented && presented.cents >= 0n ? presented.cents : undefined;
  const line: ReportLine = {
    ...{ ...EMPTY_LINE, groupe, sens: moved.direction, extourne: reversal },
    ...{ montant: readable, devise: presented?.devise || texts.amount('Amt')?.devise || 'EUR' },
    frais: charges > 0n ? charges : undefined,
    montantNet: netOf(readable, booked, charges, moved.direction),
    ...given,
    ...fate,
  };
  // for lines about other people's payments nothing is stored
  return fate.etat === EtatRapporte.TRANSACTION_AUTRE
    ? { ...line, endToEndId: '', instrId: '', rum: '', blocId: '', messageId: '', motifRejet: '' }
    : line;
}

/** The amount without charges, if the booked amount may include them. */
function netOf(
  presented: bigint | undefined,
  booked: Amount | undefined,
  charges: bigint,
  direction: string,
): bigint | undefined {
  if (charges === 0n || presented === undefined || booked?.cents !== presented) return undefined;
  return direction === 'DBIT' ? presented - charges : presented + charges;
}

/** Two amounts of a transaction that differ, without charges that explain the difference. */
function contradictionOf(presented: Amount | undefined, booked: Amount | undefined, charges: bigint): string {
  if (presented && presented.cents < 0n) return `"${presented.text}" is no amount in cents`;
  if (!presented || !booked || (booked.devise || 'EUR') !== (presented.devise || 'EUR')) return '';
  const difference = booked.cents - presented.cents;
  if (difference === 0n || difference === charges || difference === -charges) return '';
  return `it is of ${presented.text} and ${booked.text}, and no charges explain it`;
}

/**
 * The presented and the booked amount. Presented is, in this order, the instructed amount, the transaction
 * amount, or the own amount; the entry's amount counts for its only transaction.
 */
export function amountsOf(
  texts: ElementTexts,
  entry: ElementTexts | undefined,
): [Amount | undefined, Amount | undefined] {
  const ofEntry = entry?.amount('Amt');
  const presented = texts.amount('AmtDtls/InstdAmt/Amt', 'AmtDtls/TxAmt/Amt', 'Amt') ?? ofEntry;
  return [presented, ofEntry ?? texts.amount('Amt', 'AmtDtls/TxAmt/Amt')];
}

/** The bank code of a transaction counts more than that of its entry. */
export function subjectOf(texts: ElementTexts | undefined, entry: ElementTexts, direction: string) {
  const own = texts ? bankSubject(texts, direction) : 'unsaid';
  return own === 'unsaid' ? bankSubject(entry, direction) : own;
}

export const dayOf = (texts: ElementTexts): Date | undefined =>
  DAYS.map((path) => bankInstant(texts.text(path))).find(Boolean);

export const add = (sum: bigint | undefined, amount: Amount | undefined): bigint | undefined =>
  sum !== undefined && amount && amount.cents >= 0n ? sum + amount.cents : undefined;

/**
 * Adds an amount to the sum of the entry, which stays known only while all amounts are given in the entry's
 * currency.
 */
export function account(of: Entry, amount: Amount | undefined, direction: string): void {
  if (!amount) {
    of.unsaid = true;
    return;
  }
  const devise = of.texts.amount('Amt')?.devise || 'EUR';
  const known = (amount.devise || devise) === devise ? add(0n, amount) : undefined;
  const same = direction === of.direction;
  of.accounted =
    of.accounted !== undefined && known !== undefined ? of.accounted + (same ? known : -known) : undefined;
}

/** xs:boolean. */
const isTrue = (text: string): boolean => text === 'true' || text === '1';
