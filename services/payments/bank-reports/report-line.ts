import type { EtatRapporte } from '@crm/proto/payments/payments';

/**
 * What a report says about money, as one line of it: of a transaction, of an entry of the account, of a block of debits
 * or of a whole file. Texts are as the bank wrote them, empty where it wrote nothing.
 */
export type ReportLine = {
  portee: 'attempt' | 'entry' | 'block' | 'file';
  /** Counts the entries and blocks of the report: lines of one have the same. 0: of none. */
  groupe: number;
  etat: EtatRapporte;
  /** Why it is indeterminate, not about debits or not final, in words. */
  motif: string;
  endToEndId: string;
  /** InstrId or OrgnlInstrId. */
  instrId: string;
  rum: string;
  /** PmtInfId. */
  blocId: string;
  /** MsgId of the file that was presented. */
  messageId: string;
  /** The bank's own reference of the booking. */
  reference: string;
  /** Reason of a rejection or a return, ISO 20022 or the bank's own. */
  motifRejet: string;
  /** When the bank says it happened, if it does. */
  survenuAt: Date | undefined;
  /** Cents as presented, as far as the bank says. */
  montant: bigint | undefined;
  /** Where that may include charges: without them. */
  montantNet: bigint | undefined;
  /** ISO 4217, of the amount. */
  devise: string;
  /** Charges, cents; undefined where there are none. */
  frais: bigint | undefined;
  /** CRDT or DBIT, as seen from our account; empty in a pain.002. */
  sens: string;
  /** Reverses an earlier entry (RvslInd). */
  extourne: boolean;
  /** Transactions that a block or a file says it has, and their sum in cents. */
  nombre: number | undefined;
  somme: bigint | undefined;
};

/** A line that says nothing yet. */
export const EMPTY_LINE: Omit<ReportLine, 'portee' | 'groupe' | 'etat'> = {
  ...{ motif: '', endToEndId: '', instrId: '', rum: '', blocId: '', messageId: '', reference: '' },
  ...{ motifRejet: '', survenuAt: undefined, montant: undefined, montantNet: undefined, devise: 'EUR' },
  ...{ frais: undefined, sens: '', extourne: false, nombre: undefined, somme: undefined },
};
