import { allOf, at, xmlTree, type Element } from './xml-tree.ts';

/**
 * A total that a report states: an entry's amount; or the number of transactions of a block, and their sum.
 */
export type OwnSum = {
  /** The number of the entry or block, from 1; 0: the file. */
  groupe: number;
  /** In cents, negative for outgoing money; undefined if it is not given in cents. */
  somme: bigint | undefined;
  /** ISO 4217, of the sum. */
  devise: string;
  /** The number of transactions; undefined if it is not given. */
  nombre: number | undefined;
};

/** The totals that a report states, read in another way than the platform does. */
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

/** The counts of its batches, else the listed transactions. An entry without any is one line. */
const transactionsOf = (entry: Element): number =>
  allOf(entry, 'NtryDtls').reduce((sum, details) => {
    const listed = allOf(details, 'TxDtls').length;
    return sum + (count(at(details, 'Btch', 'NbOfTxs')) ?? listed);
  }, 0) || 1;
