import { allOf, at, xmlTree, type Element } from './xml-tree.ts';

/** What a report says of itself: an entry's amount, or how many transactions a block has and their sum. */
export type OwnSum = {
  /** Which entry or block, counted from 1; 0: the file. */
  groupe: number;
  /** Cents, negative for money that leaves; undefined where it does not say, or not in cents. */
  somme: bigint | undefined;
  /** ISO 4217, of the sum. */
  devise: string;
  /** Transactions; undefined where it does not say. */
  nombre: number | undefined;
};

/** What a report says of itself, read by other means than the platform reads it. */
export function ownSums(content: string): OwnSum[] {
  const document = xmlTree(content);
  const blocks = allOf(document, 'OrgnlPmtInfAndSts').map((block, index) => ({
    ...{
      groupe: index + 1,
      devise: 'EUR',
      somme: cents(at(block, 'OrgnlCtrlSum')),
      nombre: count(at(block, 'OrgnlNbOfTxs')),
    },
  }));
  const entries = allOf(document, 'Ntry').map((entry, index) => ({
    ...{ groupe: index + 1, somme: signed(entry), nombre: transactionsOf(entry) },
    devise: at(entry, 'Amt')?.attributes.Ccy ?? 'EUR',
  }));
  return [...blocks, ...entries];
}

function cents(element: Element | undefined): bigint | undefined {
  const [, euros, fraction = ''] = /^\+?(\d*)\.?(\d{0,2})0*$/.exec(element?.text ?? '-') ?? [];
  return euros === undefined ? undefined : BigInt(euros || '0') * 100n + BigInt(fraction.padEnd(2, '0'));
}

function signed(entry: Element): bigint | undefined {
  const amount = cents(at(entry, 'Amt'));
  return amount !== undefined && at(entry, 'CdtDbtInd')?.text === 'DBIT' ? -amount : amount;
}

const count = (element: Element | undefined): number | undefined =>
  element ? Number(element.text) : undefined;

/** As its batches count them, else as they are listed; an entry without any is one line. */
const transactionsOf = (entry: Element): number =>
  allOf(entry, 'NtryDtls').reduce((sum, details) => {
    const listed = allOf(details, 'TxDtls').length;
    return sum + (count(at(details, 'Btch', 'NbOfTxs')) ?? listed);
  }, 0) || 1;
