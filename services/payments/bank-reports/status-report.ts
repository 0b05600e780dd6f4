import { EtatRapporte } from '@crm/proto/payments/payments';
import { bankInstant } from './bank-instant.ts';
import type { Amount, ElementTexts } from './element-texts.ts';
import type { MakeReader } from './message-reader.ts';
import { EMPTY_LINE, type ReportLine } from './report-line.ts';

/** Settled on the debtor's or the creditor's account (ISO 20022 external payment transaction status). */
const COLLECTED = new Set(['ACSC', 'ACCC']);
/** On the way to settlement, or only in part: not final. */
const NOT_FINAL = new Set([
  ...['RCVD', 'ACTC', 'PATC', 'ACCP', 'ACFC', 'ACSP', 'ACWC', 'ACWP', 'PDNG', 'PART', 'PRES', 'BLCK'],
]);
/** Reasons that only a settled debit can have: the debtor asked for a refund. */
const REFUNDS = new Set(['MD06']);

const REASON = ['StsRsnInf/Rsn/Cd', 'StsRsnInf/Rsn/Prtry'];
const MANDATE = ['OrgnlTxRef/MndtRltdInf/MndtId', 'OrgnlTxRef/MndtRltdInf/DrctDbtMndt/MndtId'];
const AMOUNT = ['OrgnlTxRef/Amt/InstdAmt', 'OrgnlTxRef/Amt/EqvtAmt/Amt', 'OrgnlTxRef/IntrBkSttlmAmt'];

const ELEMENTS = new Map([
  ['GrpHdr', new Set(['CreDtTm'])],
  ['OrgnlGrpInfAndSts', new Set(['OrgnlMsgId', 'OrgnlNbOfTxs', 'OrgnlCtrlSum', 'GrpSts', ...REASON])],
  ['OrgnlPmtInfAndSts', new Set(['OrgnlPmtInfId', 'OrgnlNbOfTxs', 'OrgnlCtrlSum', 'PmtInfSts', ...REASON])],
  [
    'TxInfAndSts',
    new Set([
      ...['OrgnlEndToEndId', 'OrgnlInstrId', 'TxSts', 'AccptncDtTm', 'AcctSvcrRef', 'ChrgsInf/Amt'],
      ...[...REASON, ...MANDATE, ...AMOUNT],
    ]),
  ],
]);

/** A block of the original message, or the whole message: its status, and how much of it the report lists. */
type Whole = {
  texts: ElementTexts;
  groupe: number;
  status: string;
  nombre: number | undefined;
  somme: Amount | undefined;
  listed: number;
  /** The sum of the listed amounts; undefined once one is unknown. */
  sum: bigint | undefined;
};

/**
 * Reads a payment status report (pain.002). A transaction without a status has that of its block, and a block
 * without one has that of its file; the same holds for the reason. A block or a file becomes a line of its
 * own if it counts more than the report lists, or if it has a status and counts nothing.
 */
export const statusReport: MakeReader = (say) => {
  /** When the report was made. */
  let made = '';
  let file: Whole | undefined;
  let block: Whole | undefined;
  let blocks = 0;

  const wholeOf = (texts: ElementTexts, statusPath: string, groupe: number): Whole => ({
    ...{ texts, groupe, status: texts.text(statusPath), nombre: texts.count('OrgnlNbOfTxs') },
    ...{ somme: texts.amount('OrgnlCtrlSum'), listed: 0, sum: 0n },
  });
  /** Called when the first transaction begins: the texts of its block are complete then. */
  const begun = (texts: ElementTexts | undefined) =>
    texts && (block ??= wholeOf(texts, 'PmtInfSts', (blocks += 1)));
  let blockTexts: ElementTexts | undefined;

  const context = (): Pick<ReportLine, 'blocId' | 'messageId' | 'groupe'> => ({
    blocId: block?.texts.text('OrgnlPmtInfId') ?? '',
    messageId: file?.texts.text('OrgnlMsgId') ?? '',
    groupe: block?.groupe ?? 0,
  });

  const transaction = (texts: ElementTexts) => {
    const status = texts.text('TxSts') || block?.status || file?.status || '';
    const sources = [texts, ...[block, file].flatMap((one) => (one?.status === status ? [one.texts] : []))];
    const amount = texts.amount(...AMOUNT);
    // some debits of the block were rejected, and a listed one with a reason and no status may be one of them
    const isDoubtful = !texts.text('TxSts') && status === 'PART' && texts.text(...REASON) !== '';
    const fate = isDoubtful
      ? unclear('a reason and no status, and only a part was rejected')
      : fateOf(status, sources, amount);
    const [accepted, reported] = [bankInstant(texts.text('AccptncDtTm')), bankInstant(made)];
    for (const whole of [block, file]) {
      if (!whole) continue;
      whole.listed += 1;
      whole.sum =
        whole.sum !== undefined && amount && amount.cents >= 0n ? whole.sum + amount.cents : undefined;
    }
    say({
      ...{ ...EMPTY_LINE, ...context(), portee: 'attempt' },
      ...fate,
      endToEndId: texts.text('OrgnlEndToEndId'),
      instrId: texts.text('OrgnlInstrId'),
      rum: texts.text(...MANDATE),
      reference: texts.text('AcctSvcrRef'),
      // the order was accepted before it was rejected; a late import does not move the rejection
      survenuAt: status === 'RJCT' ? (reported ?? accepted) : (accepted ?? reported),
      montant: amount && amount.cents >= 0n ? amount.cents : undefined,
      devise: amount?.devise || 'EUR',
      frais: texts.charges('ChrgsInf/Amt') || undefined,
    });
  };

  /** A line for what the report does not list of a block or a file, if anything is said about it. */
  const rest = (whole: Whole, portee: 'block' | 'file', inherited: string) => {
    const { nombre, somme, listed, sum, groupe, texts } = whole;
    const status = whole.status || inherited;
    if (!whole.status && nombre === undefined && somme === undefined) return;
    if (nombre !== undefined && listed >= nombre) return;
    if (nombre === undefined && somme && listed > 0 && sum === somme.cents) return;
    const sources = [texts, ...(inherited === status && file ? [file.texts] : [])];
    say({
      ...{ ...EMPTY_LINE, ...context(), groupe, portee },
      ...(portee === 'file' && { blocId: '' }),
      ...(status
        ? fateOf(status, sources, somme)
        : unsaid('nothing is said of what the report does not list')),
      survenuAt: bankInstant(made),
      nombre,
      somme: somme && somme.cents >= 0n ? somme.cents : undefined,
      montant: somme && sum !== undefined && somme.cents >= sum ? somme.cents - sum : undefined,
    });
  };

  return {
    elements: ELEMENTS,
    presence: new Set(),
    open(name, texts) {
      if (name === 'OrgnlPmtInfAndSts') blockTexts = texts;
      if (name === 'TxInfAndSts') begun(blockTexts);
    },
    close(name, texts) {
      if (name === 'GrpHdr') made = texts.text('CreDtTm');
      if (name === 'OrgnlGrpInfAndSts') file = wholeOf(texts, 'GrpSts', 0);
      if (name === 'TxInfAndSts') transaction(texts);
      if (name === 'OrgnlPmtInfAndSts') {
        const ended = begun(texts)!;
        rest(ended, 'block', file?.status ?? '');
        if (file && ended.listed < (ended.nombre ?? 0)) {
          // the rest of the block has a line of its own
          file.sum =
            file.sum !== undefined && ended.somme
              ? file.sum - (ended.sum ?? 0n) + ended.somme.cents
              : undefined;
          file.listed += ended.nombre! - ended.listed;
        }
        [block, blockTexts] = [undefined, undefined];
      }
    },
    // last, because the lines of blocks count more
    end() {
      if (file) rest(file, 'file', '');
    },
  };
};

type Fate = Pick<ReportLine, 'etat' | 'motif' | 'motifRejet'>;

const unsaid = (motif: string): Fate => ({
  ...{ etat: EtatRapporte.TRANSACTION_INFORMATION, motif, motifRejet: '' },
});
const unclear = (motif: string): Fate => ({
  ...{ etat: EtatRapporte.TRANSACTION_INDETERMINEE, motif, motifRejet: '' },
});

function fateOf(status: string, sources: ElementTexts[], amount: Amount | undefined): Fate {
  if (NOT_FINAL.has(status)) return unsaid(`status ${status}: nothing final`);
  if (amount && amount.cents < 0n) return unclear(`"${amount.text}" is no amount in cents`);
  if (COLLECTED.has(status)) {
    return { etat: EtatRapporte.TRANSACTION_ENCAISSEE, motif: '', motifRejet: '' };
  }
  if (status !== 'RJCT') return unclear(status ? `status ${status}` : 'no status');
  const motifRejet = sources.map((texts) => texts.text(...REASON)).find(Boolean) ?? '';
  const etat = REFUNDS.has(motifRejet)
    ? EtatRapporte.TRANSACTION_RETOURNEE
    : EtatRapporte.TRANSACTION_REJETEE;
  return { etat, motif: '', motifRejet };
}
