import { cutText } from '@crm/kit';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { bankInstant } from './bank-instant.ts';
import { euroCents } from './euro-cents.ts';
import { LONGEST_IBAN } from './mask-ibans.ts';
import { UnreadableReport } from './unreadable-report.ts';
import { xmlText } from './xml-text.ts';

/** What a report says of one attempt, or of every one of a block or a file that was rejected whole. */
export type ReportedStatus = {
  /** EndToEndId, PmtInfId or MsgId. */
  id: string;
  /** Whose id it is. */
  of: 'attempt' | 'block' | 'file';
  status: 'collected' | 'rejected' | 'returned';
  /** Reason of a rejection or a return, ISO 20022 or the bank's own; empty where it gives none. */
  reason: string;
  /** When the bank says it happened, if it does. */
  at: Date | undefined;
  /** Cents that it speaks of, if it says; -1n for what is no amount in euros. */
  montant: bigint | undefined;
  /** The bank's own reference of the booking, if it gives one. */
  reference: string;
  /** On which line of the file it ends, from 1. */
  line: number;
};

/** What is understood, by namespace: the element within the document, and the one that holds one transaction. */
const pain002 = { content: 'CstmrPmtStsRpt', transaction: 'TxInfAndSts' };
const camt054 = { content: 'BkToCstmrDbtCdtNtfctn', transaction: 'TxDtls' };
const MESSAGES = new Map(
  Object.entries({
    'urn:iso:std:iso:20022:tech:xsd:pain.002.001.03': pain002,
    'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10': pain002,
    'urn:iso:std:iso:20022:tech:xsd:camt.054.001.02': camt054,
    'urn:iso:std:iso:20022:tech:xsd:camt.054.001.08': camt054,
  }),
);

/** Whether a settled debit, of which pain.002 tells too, was collected (ISO 20022 external payment transaction status). */
const COLLECTED = new Set(['ACSC', 'ACCC']);

/** The texts of a transaction that matter, by path; nothing else of a file is kept in memory. */
const WITHIN = new Set([
  ...['OrgnlEndToEndId', 'TxSts', 'AccptncDtTm', 'OrgnlTxRef/Amt/InstdAmt'],
  ...['StsRsnInf/Rsn/Cd', 'StsRsnInf/Rsn/Prtry', 'RtrInf/Rsn/Cd', 'RtrInf/Rsn/Prtry'],
  ...['Refs/EndToEndId', 'Refs/AcctSvcrRef', 'CdtDbtInd', 'Amt', 'AmtDtls/TxAmt/Amt'],
]);
/** Those of the entry, the block or the file around it, or of the report's header. */
const AROUND = new Set([
  ...['CreDtTm', 'GrpSts', 'OrgnlMsgId', 'PmtInfSts', 'OrgnlPmtInfId'],
  ...['StsRsnInf/Rsn/Cd', 'StsRsnInf/Rsn/Prtry'],
  ...['Sts', 'Sts/Cd', 'BookgDt/DtTm', 'BookgDt/Dt', 'RvslInd', 'CdtDbtInd', 'AcctSvcrRef'],
]);
type Texts = Map<string, string>;

/** No text that matters is longer; what is, is cut: once it was masked, so that no half of an account is left. */
export const MAX_TEXT = 140;
const MAX_READ = MAX_TEXT + LONGEST_IBAN;
/** The messages nest 12 deep and have an attribute an element: what goes far beyond is made to exhaust memory. */
const MAX_DEPTH = 40;
const MAX_ATTRIBUTES = 20;
/** No name of theirs is longer; nor is anything between two tags by far: characters. */
const MAX_NAME = 100;
const MAX_BETWEEN_TAGS = 1024 * 1024;

/**
 * Reads a pain.002 (payment status report) or camt.054 (debit credit notification) as its bytes come, and hands out
 * what each of them told; nothing else is kept. XML 1.0 in UTF-8 without a document type declaration: nothing is
 * expanded, nothing fetched.
 * @throws UnreadableReport naming the line; what was handed out before that is not to be applied
 */
export async function* readReport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<ReportedStatus[]> {
  let told: ReportedStatus[] = [];
  const parser = new SaxesParser({ xmlns: true });
  const fail = (why: string): never => {
    throw new UnreadableReport(`line ${parser.line}: ${why}`);
  };
  const { whole, checkLength } = tell(parser, fail, (status) => told.push({ ...status, line: parser.line }));
  const decode = xmlText((line, why) => {
    throw new UnreadableReport(`line ${parser.line + line}: ${why}`);
  });
  for await (const chunk of chunks) {
    const piece = decode(chunk);
    parser.write(piece);
    checkLength(piece);
    if (told.length > 0) yield told;
    told = [];
  }
  parser.write(decode());
  parser.close();
  whole();
  if (told.length > 0) yield told;
}

type Tell = (status: Omit<ReportedStatus, 'line'>) => void;

/**
 * Has the parser tell each status as soon as it was read; answers what is to be called at the end, and after
 * each piece: what is between two tags is kept in memory.
 */
function tell(parser: SaxesParser<{ xmlns: true }>, fail: (why: string) => never, say: Tell) {
  let namespace = '';
  let message = pain002;
  const path: string[] = [];
  let text = '';
  let attributes = 0;
  /** Characters of the pieces since the last tag. */
  let sinceTag = 0;
  /** What the entry around a transaction says, and what the transaction itself does. */
  const around: Texts = new Map();
  let within: Texts | undefined;
  let transactionDepth = 0;
  /** Where the entry, block, group or header around begins. */
  let aroundDepth = 0;
  /** What the file around a block says. */
  let ofFile: Texts = new Map();
  /** When the report was made. */
  let made: string | undefined;

  const open = ({ local, uri }: SaxesTagNS) => {
    if (path.length === 0) {
      const found = MESSAGES.get(uri);
      if (!found || local !== 'Document') fail(`${uri || 'no namespace'}, ${local}: ${NOT_UNDERSTOOD}`);
      [namespace, message] = [uri, found];
    } else if (path.length === 1 && (local !== message.content || uri !== namespace)) {
      fail(`${local} within the document: ${NOT_UNDERSTOOD}`);
    }
    if (path.length >= MAX_DEPTH) fail('elements are nested too deeply');
    path.push(uri === namespace && local.length <= MAX_NAME ? local : '');
    attributes = 0;
    sinceTag = 0;
    text = '';
    if (uri !== namespace) return;
    if (['GrpHdr', 'Ntry', 'OrgnlGrpInfAndSts', 'OrgnlPmtInfAndSts'].includes(local)) {
      around.clear();
      aroundDepth = path.length;
    }
    if (local === message.transaction && !within) {
      within = new Map();
      transactionDepth = path.length;
    }
  };

  const keep = () => {
    const value = text.trim();
    text = '';
    if (!value) return;
    const [texts, depth, wanted] = within
      ? ([within, transactionDepth, WITHIN] as const)
      : ([around, aroundDepth, AROUND] as const);
    const at = path.slice(depth).join('/');
    if (depth > 0 && wanted.has(at)) texts.set(at, value);
  };

  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => fail('a document type declaration is not accepted'));
  parser.on('attribute', () => void (++attributes > MAX_ATTRIBUTES && fail('too many attributes')));
  parser.on('opentag', open);
  const more = (part: string) => void (text = cutText((text + part).trimStart(), MAX_READ));
  parser.on('text', more);
  parser.on('cdata', more);
  parser.on('closetag', () => {
    keep();
    sinceTag = 0;
    const local = path.pop();
    if (path.length < aroundDepth) aroundDepth = 0;
    if (within && path.length === transactionDepth - 1) {
      const status =
        message === camt054 ? notified(within, around) : reported(within, { ofBlock: around, ofFile, made });
      if (status) say(status);
      within = undefined;
    } else if (local === 'GrpHdr') {
      made = around.get('CreDtTm');
    } else if (local === 'OrgnlGrpInfAndSts') {
      ofFile = new Map(around);
    } else if (local === 'OrgnlPmtInfAndSts') {
      const block = rejectedWhole(around, 'block', made);
      if (block) say(block);
    }
  });
  return {
    // last: a block's own reason is nearer
    whole() {
      const file = rejectedWhole(ofFile, 'file', made);
      if (file) say(file);
    },
    checkLength(piece: string) {
      sinceTag += piece.length;
      if (sinceTag > MAX_BETWEEN_TAGS) fail('more than a million characters without a tag');
    },
  };
}

const NOT_UNDERSTOOD =
  'no pain.002.001.03, pain.002.001.10, camt.054.001.02 or camt.054.001.08 is understood';

type Around = { ofBlock: Texts; ofFile: Texts; made: string | undefined };

/**
 * A transaction of a pain.002. Statuses on the way to settlement say nothing yet. What has none has its block's, or
 * where that has none its file's; so it is with the reason of a rejection.
 */
function reported(texts: Texts, { ofBlock, ofFile, made }: Around): Omit<ReportedStatus, 'line'> | undefined {
  const id = texts.get('OrgnlEndToEndId');
  const [blockStatus, fileStatus] = [ofBlock.get('PmtInfSts'), ofFile.get('GrpSts')];
  const status = texts.get('TxSts') ?? blockStatus ?? fileStatus ?? '';
  if (!id) return undefined;
  // of a rejection that bears no date the report's is: one that is imported late was rejected no later for that
  const at = bankInstant(texts.get('AccptncDtTm')) ?? bankInstant(made);
  const montant = cents(texts.get('OrgnlTxRef/Amt/InstdAmt'));
  const attempt = { id, of: 'attempt', at, montant, reference: '' } as const;
  if (status === 'RJCT') {
    const sources = [
      texts,
      ...(blockStatus === 'RJCT' ? [ofBlock] : []),
      ...(fileStatus === 'RJCT' ? [ofFile] : []),
    ];
    const reason = sources.map((each) => reasonOf(each, 'StsRsnInf')).find(Boolean) ?? '';
    return { ...attempt, status: 'rejected', reason };
  }
  if (!COLLECTED.has(status)) return undefined;
  return { ...attempt, status: 'collected', reason: '' };
}

/**
 * A file or a block of a pain.002 that was rejected as a whole, whatever it lists: some banks name the transaction at
 * fault only, and none of the others was executed.
 */
function rejectedWhole(
  around: Texts,
  of: 'block' | 'file',
  made: string | undefined,
): Omit<ReportedStatus, 'line'> | undefined {
  const status = around.get(of === 'file' ? 'GrpSts' : 'PmtInfSts');
  if (status !== 'RJCT') return undefined;
  const id = around.get(of === 'file' ? 'OrgnlMsgId' : 'OrgnlPmtInfId') ?? '';
  const reason = reasonOf(around, 'StsRsnInf');
  const at = bankInstant(made);
  return { id, of, status: 'rejected', reason, at, montant: undefined, reference: '' };
}

/** A transaction of a camt.054: a debit of ours that was booked, or its return. Entries not booked say nothing yet. */
function notified(texts: Texts, around: Texts): Omit<ReportedStatus, 'line'> | undefined {
  const id = texts.get('Refs/EndToEndId');
  const booked = around.get('Sts/Cd') ?? around.get('Sts');
  if (!id || (booked && booked !== 'BOOK')) return undefined;
  const at = bankInstant(around.get('BookgDt/DtTm') ?? around.get('BookgDt/Dt'));
  const reason = reasonOf(texts, 'RtrInf');
  const direction = texts.get('CdtDbtInd') ?? around.get('CdtDbtInd');
  const returned = reason !== '' || around.get('RvslInd') === 'true' || direction === 'DBIT';
  // not the entry's amount: that is the sum of all its transactions
  const montant = cents(texts.get('Amt') ?? texts.get('AmtDtls/TxAmt/Amt'));
  const reference = texts.get('Refs/AcctSvcrRef') ?? around.get('AcctSvcrRef') ?? '';
  return {
    ...{ id, of: 'attempt', at, montant, reference, reason },
    status: returned ? 'returned' : 'collected',
  };
}

/** The ISO 20022 reason, or the bank's own, as SL01 is with some. */
const reasonOf = (texts: Texts, within: 'StsRsnInf' | 'RtrInf'): string =>
  texts.get(`${within}/Rsn/Cd`) ?? texts.get(`${within}/Rsn/Prtry`) ?? '';

const cents = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : euroCents(text);
