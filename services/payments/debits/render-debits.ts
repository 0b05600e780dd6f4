import { inParis } from '@crm/domain';
import SEPA from 'sepa';
import { messageIdOf } from './message-id.ts';
import { addressElements, type PostalAddress } from '../mandates/postal-address.ts';
import type { Creditor } from '../creditors/presented-creditors.ts';
import { sepaText } from './sepa-text.ts';

/** A debit in a file. */
export type Debit = {
  endToEndId: string;
  /** Cents. */
  montant: bigint;
  libelle: string;
  mandate: DebitedMandate;
  /** The debtor's address. Absent: unknown. */
  adresse?: PostalAddress | null;
};

/** The mandate of a debit. */
export type DebitedMandate = {
  rum: string;
  dateSignature: string;
  titulaire: string;
  iban: string;
  bic: string;
};

/** The number of debits, and their total in cents. */
type Counted = { nombre: number; total: bigint };

/** The debits of one creditor and sequence type. */
type DebitBlock = Counted & {
  /** PmtInfId: 35 characters at most. */
  blocId: string;
  sequenceType: string;
  creditor: Creditor;
  /** In parts, because a file may be larger than memory. */
  batches: () => AsyncIterable<Debit[]>;
};

/** A file of debits. */
export type DebitFile = Counted & {
  id: string;
  createdAt: Date;
  dateCollecte: string;
  /** The sender's name: the creditor, or the platform for several creditors. */
  initiator: string;
  blocks: DebitBlock[];
};

/**
 * A debit that cannot be written. The error names the debit but not the cause, which would reveal bank
 * details.
 */
export class UnwritableDebit extends Error {
  override readonly name = 'UnwritableDebit';
  constructor(endToEndId: string) {
    super(`debit ${endToEndId} cannot be written into a file for the bank`);
  }
}

/**
 * Renders a customer direct debit initiation, ISO 20022 pain.008.001.08, SEPA Core (EPC130-08), with one
 * payment information block for each creditor and sequence type. The same file always has the same bytes.
 * @returns its text, in pieces
 * @throws UnwritableDebit
 */
export async function* renderDebits(file: DebitFile): AsyncGenerator<string> {
  let tail = '';
  for (const block of file.blocks) {
    let isFirst = true;
    for await (const debits of block.batches()) {
      const piece = renderPiece(file, block, debits);
      if (!tail) yield piece.head;
      if (isFirst) yield piece.blockHead;
      yield piece.debits;
      [tail, isFirst] = [piece.tail, false];
    }
    yield BLOCK_ENDS;
  }
  yield tail;
}

const [DEBIT, DEBIT_ENDS, BLOCK, BLOCK_ENDS] = [
  '<DrctDbtTxInf>',
  '</DrctDbtTxInf>',
  '<PmtInf>',
  '</PmtInf>',
] as const;

/**
 * `sepa` builds a whole document in memory, so it gets a part of the debits, and the counts and totals of
 * all.
 */
function renderPiece(
  file: DebitFile,
  { blocId, sequenceType, creditor, ...block }: DebitBlock,
  debits: Debit[],
) {
  const document = new SEPA.Document('pain.008.001.08');
  document.grpHdr.id = messageIdOf(file.id);
  document.grpHdr.created = onClocksOfParis(file.createdAt);
  document.grpHdr.initiatorName = sepaText(file.initiator);
  const info = document.createPaymentInfo();
  info.collectionDate = calendarDate(file.dateCollecte);
  info.sequenceType = sequenceType as 'FRST' | 'RCUR';
  info.localInstrumentation = 'CORE';
  info.creditorName = sepaText(creditor.name);
  info.creditorIBAN = creditor.iban;
  info.creditorBIC = creditor.bic;
  info.creditorId = creditor.id;
  document.addPaymentInfo(info);
  // set after the call, which would put the message's id in front: ISO 20022 allows 35 characters
  info.id = blocId;
  for (const { endToEndId, montant, libelle, mandate, adresse } of debits) {
    const debit = transactionOf(info, mandate, endToEndId);
    if (!debit) throw new UnwritableDebit(endToEndId);
    debit.amount = euros(montant);
    debit.remittanceInfo = sepaText(libelle, 140);
    if (adresse) writeAddress(debit, adresse);
    info.addTransaction(debit);
    debit.id = endToEndId;
  }
  Object.defineProperty(info, 'transactionCount', { value: block.nombre });
  document.normalize = () => {
    // `sepa` adds up euros as floats and loses cents in large files
    info.controlSum = euros(block.total);
    document.grpHdr.controlSum = euros(file.total);
    document.grpHdr.transactionCount = file.nombre;
  };
  const xml = document.toString();
  const [blockAt, debitsAt] = [xml.indexOf(BLOCK), xml.indexOf(DEBIT)];
  const endsAt = xml.lastIndexOf(DEBIT_ENDS) + DEBIT_ENDS.length;
  return {
    head: xml.slice(0, blockAt),
    blockHead: xml.slice(blockAt, debitsAt),
    debits: xml.slice(debitsAt, endsAt),
    tail: xml.slice(xml.lastIndexOf(BLOCK_ENDS) + BLOCK_ENDS.length),
  };
}

type PaymentInfo = ReturnType<InstanceType<typeof SEPA.Document>['createPaymentInfo']>;
type Transaction = ReturnType<PaymentInfo['createTransaction']>;

/** A document only for trying whether a mandate can be written. */
const TRIED = new SEPA.Document('pain.008.001.08').createPaymentInfo();

/** Whether a file for the bank can contain debits by a mandate. */
export const isWritable = (mandate: DebitedMandate, endToEndId: string): boolean =>
  transactionOf(TRIED, mandate, endToEndId) !== undefined;

/**
 * A debit without its amount; undefined if `sepa` refuses it. Its message contains the account, so it is not
 * passed on.
 */
function transactionOf(
  info: PaymentInfo,
  mandate: DebitedMandate,
  endToEndId: string,
): Transaction | undefined {
  const debit = info.createTransaction();
  debit.end2endId = endToEndId;
  debit.amount = 0.01;
  debit.debtorName = sepaText(mandate.titulaire);
  debit.debtorIBAN = mandate.iban;
  debit.debtorBIC = mandate.bic;
  debit.mandateId = mandate.rum;
  debit.mandateSignatureDate = calendarDate(mandate.dateSignature);
  try {
    debit.validate();
    return debit;
  } catch {
    return undefined;
  }
}

/** The internal element type of `sepa`, which it does not export. */
type Element = {
  _name: string;
  _children: Element[];
  appendChild(child: Element): void;
  constructor: new (name: string, text?: string) => Element;
};

/**
 * Adds a structured address after the debtor's name: `sepa` 3.0.0 only writes address lines, which banks
 * refuse since 15 November 2026.
 */
function writeAddress(debit: Transaction, adresse: PostalAddress): void {
  const built = debit as unknown as { _toXml(): Element };
  const toXml = built._toXml.bind(debit);
  built._toXml = () => {
    const transaction = toXml();
    const ElementOf = transaction.constructor;
    const address = new ElementOf('PstlAdr');
    for (const [name, text] of addressElements(adresse)) address.appendChild(new ElementOf(name, text));
    transaction._children.find(({ _name }) => _name === 'Dbtr')!.appendChild(address);
    return transaction;
  };
}

/** An amount for `sepa`, exact up to ten thousand billion euros. */
const euros = (cents: bigint): number => Number(cents) / 100;

/** A local Paris time for `sepa`: the file has times without a zone. */
const onClocksOfParis = (instant: Date): Date =>
  new Date(inParis(instant).toPlainDateTime().toString({ smallestUnit: 'second' }));

/** `sepa` writes the date in the machine's zone; noon is on the same date in every zone of Europe. */
const calendarDate = (date: string): Date => new Date(`${date}T12:00:00`);
