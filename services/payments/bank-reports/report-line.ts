import type { EtatRapporte } from '@crm/proto/payments/payments';

/**
 * One statement of a report about money: about a transaction, an entry of the account, a block of debits or a
 * whole file. Texts are as the bank wrote them; empty: none.
 */
export type ReportLine = {
  portee: 'attempt' | 'entry' | 'block' | 'file';
  /** The number of its entry or block within the report, the same for all lines of one. 0: none. */
  groupe: number;
  etat: EtatRapporte;
  /** Why it is indeterminate, not final or not about direct debits, in words. */
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
  /** The reason of a rejection or a return: an ISO 20022 code, or the bank's own. */
  motifRejet: string;
  /** When it happened, according to the bank. */
  survenuAt: Date | undefined;
  /** The presented amount in cents, if the bank says. */
  montant: bigint | undefined;
  /** The amount without charges, if `montant` may include them. */
  montantNet: bigint | undefined;
  /** ISO 4217, of the amount. */
  devise: string;
  /** Charges in cents; undefined: none. */
  frais: bigint | undefined;
  /** CRDT or DBIT, seen from our account. Empty in a pain.002. */
  sens: string;
  /** It reverses an earlier entry (RvslInd). */
  extourne: boolean;
  /** The number of transactions that a block or a file states, and their sum in cents. */
  nombre: number | undefined;
  somme: bigint | undefined;
};

/** A line with no content yet. */
export const EMPTY_LINE: Omit<ReportLine, 'portee' | 'groupe' | 'etat'> = {
  ...{ motif: '', endToEndId: '', instrId: '', rum: '', blocId: '', messageId: '', reference: '' },
  ...{ motifRejet: '', survenuAt: undefined, montant: undefined, montantNet: undefined, devise: 'EUR' },
  ...{ frais: undefined, sens: '', extourne: false, nombre: undefined, somme: undefined },
};
