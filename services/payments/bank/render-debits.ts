import { inParis } from '@crm/kit';
import SEPA from 'sepa';
import { messageIdOf } from './message-id.ts';
import type { Creditor } from './presented-creditors.ts';
import { sepaText } from './sepa-text.ts';

/** One debit of a file. */
export type Debit = {
  endToEndId: string;
  /** PmtInfId of the block that it is in: 35 characters at most. */
  blocId: string;
  sequenceType: string;
  /** Cents. */
  montant: bigint;
  libelle: string;
  /** The same of all debits of a block. */
  creditor: Creditor;
  mandate: { rum: string; dateSignature: string; titulaire: string; iban: string; bic: string };
};

/** A file of debits. */
export type DebitFile = {
  id: string;
  createdAt: Date;
  dateCollecte: string;
  /** The name of who sends it: the creditor, or somebody on behalf of several. */
  initiator: string;
  debits: Debit[];
};

/** A debit that no file can hold. It says which one, and not why: that would tell of bank details. */
export class UnwritableDebit extends Error {
  override readonly name = 'UnwritableDebit';
  constructor(endToEndId: string) {
    super(`debit ${endToEndId} cannot be written into a file for the bank`);
  }
}

/**
 * A customer direct debit initiation, ISO 20022 pain.008.001.08, SEPA Core (EPC130-08): one payment information block
 * for every `blocId`, with its own creditor. The same file has the same bytes whenever it is rendered.
 * @throws UnwritableDebit
 */
export function renderDebits(file: DebitFile): string {
  const messageId = messageIdOf(file.id);
  const document = new SEPA.Document('pain.008.001.08');
  document.grpHdr.id = messageId;
  document.grpHdr.created = onClocksOfParis(file.createdAt);
  document.grpHdr.initiatorName = sepaText(file.initiator);
  for (const debits of blocksOf(file.debits)) {
    const { blocId, sequenceType, creditor } = debits[0]!;
    const info = document.createPaymentInfo();
    info.collectionDate = calendarDate(file.dateCollecte);
    info.sequenceType = sequenceType as 'FRST' | 'RCUR';
    info.localInstrumentation = 'CORE';
    info.creditorName = sepaText(creditor.name);
    info.creditorIBAN = creditor.iban;
    info.creditorBIC = creditor.bic;
    info.creditorId = creditor.id;
    document.addPaymentInfo(info);
    // `sepa` adds euros up, and loses cents of large files
    info.normalize = () => void (info.controlSum = euros(sumOf(debits)));
    // after the call, which puts the message's id before it: an id of ISO 20022 has 35 characters at most
    info.id = blocId;
    for (const { endToEndId, montant, libelle, mandate } of debits) {
      const debit = info.createTransaction();
      debit.end2endId = endToEndId;
      debit.amount = euros(montant);
      debit.debtorName = sepaText(mandate.titulaire);
      debit.debtorIBAN = mandate.iban;
      debit.debtorBIC = mandate.bic;
      debit.mandateId = mandate.rum;
      debit.mandateSignatureDate = calendarDate(mandate.dateSignature);
      debit.remittanceInfo = sepaText(libelle, 140);
      try {
        debit.validate();
      } catch {
        throw new UnwritableDebit(endToEndId);
      }
      info.addTransaction(debit);
      debit.id = endToEndId;
    }
  }
  const normalize = document.normalize.bind(document);
  document.normalize = () => {
    normalize();
    document.grpHdr.controlSum = euros(sumOf(file.debits));
  };
  return document.toString();
}

/** What `sepa` takes for an amount, exact up to ten thousand billion. */
const euros = (cents: bigint): number => Number(cents) / 100;

const sumOf = (debits: Debit[]): bigint => debits.reduce((sum, { montant }) => sum + montant, 0n);

/** The same for an instant, which a file for the bank bears without a zone. */
const onClocksOfParis = (instant: Date): Date =>
  new Date(inParis(instant).toPlainDateTime().toString({ smallestUnit: 'second' }));

/** `sepa` writes the date that the machine's own clock shows: at noon it is the same wherever the machine stands. */
const calendarDate = (date: string): Date => new Date(`${date}T12:00:00`);

/** The debits by block. */
function blocksOf(debits: Debit[]): Debit[][] {
  const blocks = new Map<string, Debit[]>();
  for (const debit of debits) {
    const block = blocks.get(debit.blocId);
    if (block) block.push(debit);
    else blocks.set(debit.blocId, [debit]);
  }
  return [...blocks.values()];
}
