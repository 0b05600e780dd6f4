import SEPA from 'sepa';
import { sepaText } from './sepa-text.ts';

/** Whom debits are paid to. */
export type Creditor = { name: string; iban: string; bic: string; id: string };

/** One debit of a file. */
export type Debit = {
  endToEndId: string;
  organisationId: string;
  sequenceType: string;
  /** Cents. */
  montant: bigint;
  libelle: string;
  mandate: { rum: string; dateSignature: string; titulaire: string; iban: string; bic: string };
};

/** A file of debits. */
export type DebitFile = { id: string; createdAt: Date; dateCollecte: string; debits: Debit[] };

/**
 * A customer direct debit initiation, ISO 20022 pain.008.001.08, SEPA Core (EPC130-08): one payment information block
 * for every organisation and sequence type. The same file has the same bytes whenever it is rendered.
 */
export function renderDebits(file: DebitFile, creditor: Creditor): string {
  const messageId = file.id.replaceAll('-', '');
  const document = new SEPA.Document('pain.008.001.08');
  document.grpHdr.id = messageId;
  document.grpHdr.created = file.createdAt;
  document.grpHdr.initiatorName = sepaText(creditor.name);
  for (const [index, debits] of blocksOf(file.debits).entries()) {
    const info = document.createPaymentInfo();
    info.id = `${messageId.slice(0, 30)}-${index + 1}`;
    info.collectionDate = new Date(file.dateCollecte);
    info.sequenceType = debits[0]!.sequenceType as 'FRST' | 'RCUR';
    info.localInstrumentation = 'CORE';
    info.creditorName = sepaText(creditor.name);
    info.creditorIBAN = creditor.iban;
    info.creditorBIC = creditor.bic;
    info.creditorId = creditor.id;
    document.addPaymentInfo(info);
    for (const { endToEndId, montant, libelle, mandate } of debits) {
      const debit = info.createTransaction();
      debit.id = endToEndId;
      debit.end2endId = endToEndId;
      debit.amount = Number(montant) / 100;
      debit.debtorName = sepaText(mandate.titulaire);
      debit.debtorIBAN = mandate.iban;
      debit.debtorBIC = mandate.bic;
      debit.mandateId = mandate.rum;
      debit.mandateSignatureDate = new Date(mandate.dateSignature);
      debit.remittanceInfo = sepaText(libelle, 140);
      info.addTransaction(debit);
    }
  }
  return document.toString();
}

/** The debits by organisation and sequence type. */
function blocksOf(debits: Debit[]): Debit[][] {
  const blocks = new Map<string, Debit[]>();
  for (const debit of debits) {
    const key = `${debit.organisationId} ${debit.sequenceType}`;
    const block = blocks.get(key);
    if (block) block.push(debit);
    else blocks.set(key, [debit]);
  }
  return [...blocks.values()];
}
