import SEPA from 'sepa';
import { messageIdOf } from './message-id.ts';
import { sepaText } from './sepa-text.ts';

/** Whom debits are paid to. */
export type Creditor = { name: string; iban: string; bic: string; id: string };

/** One debit of a file. */
export type Debit = {
  endToEndId: string;
  /** PmtInfId of the block that it is in: 35 characters at most. */
  blocId: string;
  sequenceType: string;
  /** Cents. */
  montant: bigint;
  libelle: string;
  mandate: { rum: string; dateSignature: string; titulaire: string; iban: string; bic: string };
};

/** A file of debits. */
export type DebitFile = { id: string; createdAt: Date; dateCollecte: string; debits: Debit[] };

/** A debit that no file can hold. It says which one, and not why: that would tell of bank details. */
export class UnwritableDebit extends Error {
  override readonly name = 'UnwritableDebit';
  constructor(endToEndId: string) {
    super(`debit ${endToEndId} cannot be written into a file for the bank`);
  }
}

/**
 * A customer direct debit initiation, ISO 20022 pain.008.001.08, SEPA Core (EPC130-08): one payment information block
 * for every `blocId`. The same file has the same bytes whenever it is rendered.
 * @throws UnwritableDebit
 */
export function renderDebits(file: DebitFile, creditor: Creditor): string {
  const messageId = messageIdOf(file.id);
  const document = new SEPA.Document('pain.008.001.08');
  document.grpHdr.id = messageId;
  document.grpHdr.created = file.createdAt;
  document.grpHdr.initiatorName = sepaText(creditor.name);
  for (const debits of blocksOf(file.debits)) {
    const info = document.createPaymentInfo();
    info.collectionDate = new Date(file.dateCollecte);
    info.sequenceType = debits[0]!.sequenceType as 'FRST' | 'RCUR';
    info.localInstrumentation = 'CORE';
    info.creditorName = sepaText(creditor.name);
    info.creditorIBAN = creditor.iban;
    info.creditorBIC = creditor.bic;
    info.creditorId = creditor.id;
    document.addPaymentInfo(info);
    // after the call, which puts the message's id before it: an id of ISO 20022 has 35 characters at most
    info.id = debits[0]!.blocId;
    for (const { endToEndId, montant, libelle, mandate } of debits) {
      const debit = info.createTransaction();
      debit.end2endId = endToEndId;
      debit.amount = Number(montant) / 100;
      debit.debtorName = sepaText(mandate.titulaire);
      debit.debtorIBAN = mandate.iban;
      debit.debtorBIC = mandate.bic;
      debit.mandateId = mandate.rum;
      debit.mandateSignatureDate = new Date(mandate.dateSignature);
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
  return document.toString();
}

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
