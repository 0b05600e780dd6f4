import { EtatRapporte, PaiementDeLigne, type CloreLigneInconnueRequest } from '@crm/proto/payments/payments';
import { PlainError } from '../plain-error.ts';

/** The options of `bank-reports close`. */
export type CloseOptions = {
  payment?: string;
  attempt?: string;
  as?: string;
  otherAmount?: boolean;
  otherSystem?: boolean;
  dismiss?: boolean;
  why?: string;
};

/** The words for what a person can say that happened. */
export const HAPPENED: Record<string, EtatRapporte> = {
  collected: EtatRapporte.TRANSACTION_ENCAISSEE,
  rejected: EtatRapporte.TRANSACTION_REJETEE,
  returned: EtatRapporte.TRANSACTION_RETOURNEE,
  restored: EtatRapporte.TRANSACTION_RETABLIE,
  charge: EtatRapporte.TRANSACTION_FRAIS,
};

/** The flags that fill the fields of the request. */
export const CLOSE_FLAGS = {
  'paiement.montantDifferent': '--other-amount',
  'paiement.tentative': '--attempt',
  'paiement.etat': '--as',
  'paiement.id': '--payment',
  pourquoi: '--why',
  rapportId: 'report',
  rang: 'rank',
};

/**
 * Builds the request from the options.
 * @throws {PlainError} naming everything that is wrong, by flag
 */
export function toCloseRequest(
  rapportId: string,
  rank: string,
  options: CloseOptions,
): CloreLigneInconnueRequest {
  const { payment, attempt, as, otherAmount = false, otherSystem, dismiss, why } = options;
  const faults: string[] = [];
  if (!/^[1-9]\d{0,8}$/.test(rank)) faults.push(`rank: ${rank} is no rank of a line: 1, 2, …`);
  if ([payment !== undefined, otherSystem, dismiss].filter(Boolean).length !== 1) {
    faults.push('one of --payment <reference>, --other-system and --dismiss says what the line is');
  }
  if (!why?.trim()) faults.push('--why: a reason is kept with the line');
  if (attempt !== undefined && !/^[1-9]\d?$/.test(attempt)) {
    faults.push(`--attempt: ${attempt} is none of 1 to 99`);
  }
  if (as !== undefined && !Object.hasOwn(HAPPENED, as)) {
    faults.push(`--as: ${as} is none of ${Object.keys(HAPPENED).join(', ')}`);
  }
  const unused = { '--attempt': attempt, '--as': as, '--other-amount': otherAmount || undefined };
  for (const [flag, value] of payment === undefined ? Object.entries(unused) : []) {
    if (value !== undefined) faults.push(`${flag}: goes with --payment`);
  }
  if (faults.length > 0) throw new PlainError(faults.join('\n'));
  const paiement = PaiementDeLigne.fromPartial({
    id: payment ?? '',
    tentative: Number(attempt ?? 0),
    montantDifferent: otherAmount,
    etat: as === undefined ? EtatRapporte.UNSPECIFIED : HAPPENED[as]!,
  });
  const fait: CloreLigneInconnueRequest['fait'] =
    payment !== undefined
      ? { $case: 'paiement', value: paiement }
      : otherSystem
        ? { $case: 'autreSysteme', value: {} }
        : { $case: 'ecarter', value: {} };
  return { rapportId, rang: Number(rank), fait, pourquoi: why! };
}
