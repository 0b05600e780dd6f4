import { isUtf8 } from 'node:buffer';
import { SaxesParser } from 'saxes';

/** What a report says of one attempt, or of every one of a block or a file that was rejected whole. */
export type ReportedStatus = {
  /** EndToEndId, PmtInfId or MsgId. */
  id: string;
  /** Whose id it is. */
  of: 'attempt' | 'block' | 'file';
  status: 'collected' | 'rejected' | 'returned';
  /** ISO 20022 reason of a rejection or a return; empty where the bank gives none. */
  reason: string;
  /** When the bank says it happened, if it does. */
  at: Date | undefined;
  /** Cents that it speaks of, if it says; -1n for what is no amount in euros. */
  montant: bigint | undefined;
};

/** A file that is not a report: the line at fault, and why. */
export class UnreadableReport extends Error {
  override readonly name = 'UnreadableReport';
}

/** Namespaces of the reports that are understood, and the element of each that holds one transaction. */
const TRANSACTION: Record<string, string> = {
  'urn:iso:std:iso:20022:tech:xsd:pain.002.001.03': 'TxInfAndSts',
  'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10': 'TxInfAndSts',
  'urn:iso:std:iso:20022:tech:xsd:camt.054.001.02': 'TxDtls',
  'urn:iso:std:iso:20022:tech:xsd:camt.054.001.08': 'TxDtls',
};

/** Whether a settled debit, of which pain.002 tells too, was collected (ISO 20022 external payment transaction status). */
const COLLECTED = new Set(['ACSC', 'ACCC']);

/** The texts of a report that matter, by the path of the element within its transaction or around it. */
type Texts = Map<string, string>;

/**
 * Reads a pain.002 (payment status report) or camt.054 (debit credit notification), element by element, so that only
 * the statuses are kept in memory. XML 1.0 without a document type declaration: nothing is expanded, nothing fetched.
 * @throws UnreadableReport naming the line
 */
export function readReport(content: Uint8Array): ReportedStatus[] {
  const found: ReportedStatus[] = [];
  const parser = new SaxesParser({ xmlns: true });
  const fail = (why: string): never => {
    throw new UnreadableReport(`line ${parser.line}: ${why}`);
  };
  let transaction: string | undefined;
  let path: string[] = [];
  let text = '';
  /** What the entry around a transaction says, and what the transaction itself does. */
  const around: Texts = new Map();
  let within: Texts | undefined;
  /** Transactions that the file and the block at hand tell of one by one: where there are none the whole is meant. */
  let [transactions, transactionsOfBlock] = [0, 0];
  let whole: ReportedStatus | undefined;

  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => fail('a document type declaration is not accepted'));
  parser.on('opentag', ({ local, uri }) => {
    if (path.length === 0) {
      transaction = TRANSACTION[uri];
      if (!transaction)
        fail(`${uri || 'a document without a namespace'} is no pain.002 or camt.054 that is understood`);
    }
    path.push(local);
    if (local === 'Ntry' || local === 'OrgnlPmtInfAndSts') {
      around.clear();
      transactionsOfBlock = 0;
    }
    if (local === transaction) within = new Map();
    text = '';
  });
  parser.on('text', (part) => (text += part));
  parser.on('closetag', ({ local }) => {
    const value = text.trim();
    text = '';
    const at = path.lastIndexOf(transaction!);
    if (value) {
      if (within) within.set(path.slice(at + 1).join('/'), value);
      else
        around.set(
          path
            .slice(1)
            .join('/')
            .replace(/^.*?(Ntry|OrgnlGrpInfAndSts|OrgnlPmtInfAndSts)\//, ''),
          value,
        );
    }
    if (local === 'OrgnlGrpInfAndSts') {
      whole = rejectedWhole(around, 'file');
      around.clear();
    }
    if (local === 'OrgnlPmtInfAndSts' && transactionsOfBlock === 0) {
      const block = rejectedWhole(around, 'block');
      if (block) found.push(block);
    }
    if (local === transaction && within) {
      transactions += 1;
      transactionsOfBlock += 1;
      const status = transaction === 'TxDtls' ? notified(within, around) : reported(within);
      if (status) found.push(status);
      within = undefined;
    }
    path = path.slice(0, -1);
  });
  if (!isUtf8(content)) fail('not UTF-8');
  parser.write(Buffer.from(content).toString('utf8')).close();
  return whole && transactions === 0 ? [...found, whole] : found;
}

/** A transaction of a pain.002. Statuses on the way to settlement say nothing yet. */
function reported(texts: Texts): ReportedStatus | undefined {
  const id = texts.get('OrgnlEndToEndId');
  const status = texts.get('TxSts') ?? '';
  if (!id) return undefined;
  const at = instant(texts.get('AccptncDtTm'));
  const attempt = { id, of: 'attempt', at, montant: cents(texts.get('OrgnlTxRef/Amt/InstdAmt')) } as const;
  if (status === 'RJCT') {
    return { ...attempt, status: 'rejected', reason: texts.get('StsRsnInf/Rsn/Cd') ?? '' };
  }
  return COLLECTED.has(status) ? { ...attempt, status: 'collected', reason: '' } : undefined;
}

/** A file or a block of a pain.002 that was rejected as a whole. */
function rejectedWhole(around: Texts, of: 'block' | 'file'): ReportedStatus | undefined {
  const status = around.get(of === 'file' ? 'GrpSts' : 'PmtInfSts');
  if (status !== 'RJCT') return undefined;
  const id = around.get(of === 'file' ? 'OrgnlMsgId' : 'OrgnlPmtInfId') ?? '';
  const reason = around.get('StsRsnInf/Rsn/Cd') ?? '';
  return { id, of, status: 'rejected', reason, at: undefined, montant: undefined };
}

/** A transaction of a camt.054: a debit of ours that was booked, or its return. Entries not booked say nothing yet. */
function notified(texts: Texts, around: Texts): ReportedStatus | undefined {
  const id = texts.get('Refs/EndToEndId');
  const booked = around.get('Sts/Cd') ?? around.get('Sts');
  if (!id || (booked && booked !== 'BOOK')) return undefined;
  const at = instant(around.get('BookgDt/DtTm') ?? around.get('BookgDt/Dt'));
  const reason = texts.get('RtrInf/Rsn/Cd') ?? '';
  const direction = texts.get('CdtDbtInd') ?? around.get('CdtDbtInd');
  const returned = reason !== '' || around.get('RvslInd') === 'true' || direction === 'DBIT';
  // not the entry's amount: that is the sum of all its transactions
  const montant = cents(texts.get('Amt') ?? texts.get('AmtDtls/TxAmt/Amt'));
  return { id, of: 'attempt', status: returned ? 'returned' : 'collected', reason, at, montant };
}

const DAY_MS = 24 * 3600 * 1000;

/** An instant that a bank can mean: from 1900 to 2199 and, clocks and zones apart, not in the future. */
function instant(text: string | undefined): Date | undefined {
  const date = new Date(text ?? NaN);
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2199 && date.getTime() <= Date.now() + DAY_MS ? date : undefined;
}

/** "750.00" is 75,000 cents. */
function cents(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const [, euros, fraction = ''] = /^\+?(\d{1,18})(?:\.(\d{0,2})0*)?$/.exec(text) ?? [];
  return euros === undefined ? -1n : BigInt(euros) * 100n + BigInt(fraction.padEnd(2, '0'));
}
