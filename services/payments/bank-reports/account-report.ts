import { EtatRapporte } from '@crm/proto/payments/payments';
import { bankInstant } from './bank-instant.ts';
import { CODE_PATHS } from './bank-subject.ts';
import type { ElementTexts } from './element-texts.ts';
import {
  account,
  add,
  amountsOf,
  dayOf,
  DAYS,
  lineOf,
  subjectOf,
  type Batch,
  type Entry,
} from './entry-line.ts';
import { isReference } from './is-reference.ts';
import type { MakeReader, MessageReader, Say } from './message-reader.ts';
import { isOwnId } from '../debits/own-id.ts';
import { EMPTY_LINE } from './report-line.ts';
import { restOfEntry } from './rest-of-entry.ts';

const CHARGES = ['Chrgs/TtlChrgsAndTaxAmt', 'Chrgs/Amt', 'Chrgs/Rcrd/Amt'];
const RETURN_REASON = ['RtrInf/Rsn/Cd', 'RtrInf/Rsn/Prtry'];
const REFS = ['MsgId', 'AcctSvcrRef', 'PmtInfId', 'InstrId', 'EndToEndId', 'MndtId'].map(
  (ref) => `Refs/${ref}`,
);
const AMOUNTS = ['Amt', 'AmtDtls/InstdAmt/Amt', 'AmtDtls/TxAmt/Amt'];

const STATEMENT = new Set([
  ...['CreDtTm', 'TxsSummry/TtlNtries/NbOfNtries', 'RptPgntn/PgNb', 'RptPgntn/LastPgInd'],
  ...['StmtPgntn/PgNb', 'StmtPgntn/LastPgInd', 'NtfctnPgntn/PgNb', 'NtfctnPgntn/LastPgInd'],
]);
const ENTRY = new Set([
  ...['Amt', 'CdtDbtInd', 'RvslInd', 'Sts', 'Sts/Cd', 'Sts/Prtry', 'AcctSvcrRef', 'NtryRef', 'AddtlNtryInf'],
  ...[...DAYS, ...CODE_PATHS, ...CHARGES],
]);
const DETAILS = new Set(['PmtInfId', 'MsgId', 'NbOfTxs', 'TtlAmt', 'CdtDbtInd'].map((ref) => `Btch/${ref}`));
const TRANSACTION = new Set([
  ...[...REFS, ...AMOUNTS, ...CODE_PATHS, ...CHARGES, ...RETURN_REASON],
  ...['CdtDbtInd', 'RltdDts/IntrBkSttlmDt', 'AddtlTxInf'],
]);

/** Reads a notification (camt.054), a day's report (camt.052) or a statement (camt.053). */
export const notification: MakeReader = (say) => accountReport(say, 'Ntfctn');
export const dayReport: MakeReader = (say) => accountReport(say, 'Rpt');
export const statement: MakeReader = (say) => accountReport(say, 'Stmt');

/**
 * Every transaction of an entry becomes a line. So do an entry without transactions, a batch that counts more
 * than it lists, and the part of an entry's amount that its transactions do not explain.
 */
function accountReport(say: Say, statementName: string): MessageReader {
  let made = '';
  let entries = 0;
  let entriesBefore = 0;
  let entry: Entry | undefined;
  let batch: Batch | undefined;

  const close: Record<string, (texts: ElementTexts) => void> = {
    GrpHdr: (texts) => void (made = texts.text('CreDtTm')),
    TxDtls(texts) {
      if (!entry) return;
      entry.transactions += 1;
      if (batch) batch.listed += 1;
      if (entry.transactions === 1) {
        entry.held = { texts, batch };
        return;
      }
      release(entry, false);
      transaction(entry, { texts, batch }, false);
    },
    NtryDtls() {
      if (entry && batch && batch !== entry.first) {
        release(entry, false);
        block(entry, batch);
      }
      batch = undefined;
    },
    Ntry() {
      if (!entry) return;
      const { transactions, batches, first } = entry;
      const counted = first?.texts.count('Btch/NbOfTxs') ?? 1;
      release(entry, transactions === 1 && batches <= 1 && counted === 1);
      if (first) block(entry, first);
      if (transactions === 0 && batches === 0) bare(entry);
      else remainder(entry);
      entry = undefined;
    },
    [statementName](texts) {
      pages(texts);
      entriesBefore = entries;
    },
  };

  const release = (of: Entry, single: boolean) => {
    if (of.held) transaction(of, of.held, single);
    of.held = undefined;
  };

  const transaction = (of: Entry, { texts, batch: its }: NonNullable<Entry['held']>, single: boolean) => {
    const direction = texts.text('CdtDbtInd') || of.direction;
    const [presented, booked] = amountsOf(texts, single ? of.texts : undefined);
    const charges = texts.charges(...CHARGES) || (single ? of.texts.charges(...CHARGES) : 0n);
    const ref = (name: string) => texts.text(`Refs/${name}`);
    const refs = {
      ...{ endToEndId: ref('EndToEndId'), instrId: ref('InstrId'), rum: ref('MndtId') },
      blocId: ref('PmtInfId') || (its?.texts.text('Btch/PmtInfId') ?? ''),
      messageId: ref('MsgId') || (its?.texts.text('Btch/MsgId') ?? ''),
      reference: ref('AcctSvcrRef') || of.texts.text('AcctSvcrRef'),
    };
    const named = isReference(refs.endToEndId) || isReference(refs.instrId) || refs.rum !== '';
    const ofBlock = !named && (ref('PmtInfId') !== '' || ref('MsgId') !== '');
    say(
      lineOf(
        of,
        {
          direction,
          returned: texts.has('RtrInf'),
          subject: subjectOf(texts, of.texts, direction),
          wording: `${texts.text('AddtlTxInf')} ${single ? of.texts.text('AddtlNtryInf') : ''}`,
          ...{ presented, booked, charges },
        },
        {
          ...refs,
          portee: ofBlock ? 'block' : 'attempt',
          somme: ofBlock && presented && presented.cents >= 0n ? presented.cents : undefined,
          motifRejet: texts.text(...RETURN_REASON),
          survenuAt: dayOf(of.texts) ?? bankInstant(texts.text('RltdDts/IntrBkSttlmDt')) ?? bankInstant(made),
        },
      ),
    );
    account(of, booked ?? presented, direction);
    of.charges += charges;
    if (its) its.sum = add(its.sum, booked ?? presented);
  };

  /** A line for a batch that is not listed, or only in part. */
  const block = (of: Entry, { texts, listed, sum }: Batch) => {
    const nombre = texts.count('Btch/NbOfTxs');
    if (nombre === undefined ? listed > 0 : listed >= nombre) return;
    const direction = texts.text('Btch/CdtDbtInd') || of.direction;
    const alone = of.batches === 1 && listed === of.transactions;
    const total = texts.amount('Btch/TtlAmt') ?? (alone ? of.texts.amount('Amt') : undefined);
    const rest =
      total && sum !== undefined && total.cents >= sum ? { ...total, cents: total.cents - sum } : undefined;
    say(
      lineOf(
        of,
        {
          ...{ direction, returned: false, subject: subjectOf(undefined, of.texts, direction) },
          ...{ wording: of.texts.text('AddtlNtryInf'), presented: rest, booked: rest, charges: 0n },
        },
        {
          ...{ portee: 'block', blocId: texts.text('Btch/PmtInfId'), messageId: texts.text('Btch/MsgId') },
          ...{ nombre, somme: total && total.cents >= 0n ? total.cents : undefined },
          ...{ reference: of.texts.text('AcctSvcrRef'), survenuAt: dayOf(of.texts) ?? bankInstant(made) },
        },
      ),
    );
    account(of, rest, direction);
  };

  /** A line for an entry without transactions. */
  const bare = (of: Entry) => {
    const { texts, direction } = of;
    const presented = texts.amount('Amt');
    const reference = texts.text('NtryRef');
    const own = isOwnId(reference);
    say(
      lineOf(
        of,
        {
          ...{ direction, returned: false, subject: subjectOf(undefined, texts, direction) },
          ...{
            wording: texts.text('AddtlNtryInf'),
            presented,
            booked: presented,
            charges: texts.charges(...CHARGES),
          },
        },
        {
          portee: own ? 'block' : 'entry',
          // some banks repeat the id of the block or the file here
          ...{ blocId: own ? reference : '', messageId: own ? reference : '' },
          ...{ somme: own && presented && presented.cents >= 0n ? presented.cents : undefined },
          reference: texts.text('AcctSvcrRef') || reference,
          survenuAt: dayOf(texts) ?? bankInstant(made),
        },
      ),
    );
  };

  /** A line for what remains of an entry: bank charges, or an unexplained amount. */
  const remainder = (of: Entry) => {
    const total = of.texts.amount('Amt');
    if (!total || total.cents < 0n || of.accounted === undefined) return;
    const { direction: sens, charges } = of;
    const ofEntry = of.texts.charges(...CHARGES);
    const told = { sens, total: total.cents, told: of.accounted, charges, ofEntry };
    // the amounts are known only when the named debits are found, while the report is applied
    const rest = of.unsaid ? { montant: total.cents, sens, charge: false } : restOfEntry(told);
    if (!rest) return;
    const presented = { ...total, cents: rest.montant };
    const subject = subjectOf(undefined, of.texts, rest.sens);
    const line = lineOf(
      of,
      {
        ...{ direction: rest.sens, returned: false },
        ...{ subject: rest.charge && subject !== 'other' ? 'charge' : subject },
        ...{ wording: '', presented, booked: presented, charges: 0n },
      },
      {
        portee: 'entry',
        reference: of.texts.text('AcctSvcrRef'),
        survenuAt: dayOf(of.texts) ?? bankInstant(made),
        ...(of.unsaid && {
          ...{ montant: undefined, somme: total.cents, frais: charges > 0n ? charges : undefined },
          montantNet: ofEntry > 0n ? total.cents + (sens === 'DBIT' ? -ofEntry : ofEntry) : undefined,
        }),
      },
    );
    const final =
      line.etat !== EtatRapporte.TRANSACTION_INFORMATION && line.etat !== EtatRapporte.TRANSACTION_AUTRE;
    say(
      final && !rest.charge
        ? {
            ...line,
            etat: EtatRapporte.TRANSACTION_INDETERMINEE,
            motif: `the entry is of ${total.text}: that much is not in its transactions`,
          }
        : line,
    );
  };

  /**
   * Refuses a statement whose number of entries differs from its own count. The count covers all pages of a
   * statement.
   */
  const pages = (texts: ElementTexts) => {
    const counted = texts.count('TxsSummry/TtlNtries/NbOfNtries');
    const had = entries - entriesBefore;
    const page = (name: string) =>
      ['Rpt', 'Stmt', 'Ntfctn'].map((kind) => texts.text(`${kind}Pgntn/${name}`)).find(Boolean);
    const whole = Number(page('PgNb') ?? 1) === 1 && !isFalse(page('LastPgInd') ?? 'true');
    if (counted === undefined || counted === had || !whole) return;
    say({
      ...{ ...EMPTY_LINE, portee: 'file', groupe: 0, etat: EtatRapporte.TRANSACTION_INDETERMINEE },
      motif: `it counts ${counted} entries and has ${had}`,
      ...{ nombre: counted, survenuAt: bankInstant(texts.text('CreDtTm')) ?? bankInstant(made) },
    });
  };

  return {
    elements: new Map([
      ['GrpHdr', new Set(['CreDtTm'])],
      [statementName, STATEMENT],
      ['Ntry', ENTRY],
      ['NtryDtls', DETAILS],
      ['TxDtls', TRANSACTION],
    ]),
    presence: new Set(['RtrInf', 'Btch']),
    open(name, texts) {
      if (name === 'Ntry') {
        entries += 1;
        entry = {
          ...{ texts, groupe: entries, direction: '', transactions: 0, held: undefined },
          ...{ batches: 0, first: undefined, accounted: 0n, unsaid: false, charges: 0n },
        };
      }
      // the elements of an entry come before its details, so the direction is known now
      if (name === 'NtryDtls' && entry) entry.direction = entry.texts.text('CdtDbtInd');
    },
    see(name, path, texts) {
      if (name !== 'NtryDtls' || path !== 'Btch' || !entry) return;
      batch = { texts, listed: 0, sum: 0n };
      entry.batches += 1;
      if (entry.batches === 1) entry.first = batch;
      if (entry.batches !== 2) return;
      // it is not the only transaction, so it does not share the entry's amount
      release(entry, false);
      block(entry, entry.first!);
      entry.first = undefined;
    },
    close(name, texts) {
      if (name === 'Ntry' && entry) entry.direction = texts.text('CdtDbtInd');
      close[name]?.(texts);
    },
    end() {
      // elements still open at the end: the parser reports that
    },
  };
}

/** xs:boolean. */
const isFalse = (text: string): boolean => text === 'false' || text === '0';
