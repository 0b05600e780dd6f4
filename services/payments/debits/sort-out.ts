import { addDays, formatDate } from '@crm/domain';
import { StatutContrat, type Contrat } from '@crm/proto/contrats/contrats';
import type { Invoice } from '@crm/proto/factures/factures';
import { MotifEcart, PaiementEcarte, StatutMandat, type SansPreavis } from '@crm/proto/payments/payments';
import { validUntil } from '../mandates/valid-until.ts';
import type { DueDebit } from './due-payments.ts';
import { endToEndIdOf } from './end-to-end-id.ts';
import type { SecretCipher } from '@crm/kit/secrets';
import { limitToLeft } from './invoice-amounts.ts';
import { missingNotice, wasPlannedTooLate } from './notice.ts';
import { needsAddress } from '../mandates/postal-address.ts';
import type { Creditor } from '../creditors/presented-creditors.ts';
import { isWritable } from './render-debits.ts';

/** The collection that debits are sorted for. */
export type Collection = {
  dateCollecte: string;
  /**
   * Who asked for it, and the reason for presenting without notice; without payment ids it is for all of
   * them.
   */
  auteur: string;
  dispense: { motif: string; paymentIds: string[] } | undefined;
  /** What other services know. What they do not know is no obstacle. */
  contracts: Map<string, Contrat>;
  invoices: Map<string, Invoice>;
  creditors: Map<string, Creditor>;
  cipher: SecretCipher;
};

/** A debit to present, lowered to what is left of its invoice, with who allowed a missing notice. */
export type Taken = DueDebit & {
  /** The amount before it was lowered, in cents. */
  montantPrevu: bigint;
  sansPreavis: Pick<SansPreavis, 'auteur' | 'motif'> | undefined;
};

/** The debits to present, and the others with the reason. */
export type SortedOut = { taken: Taken[]; leftOut: PaiementEcarte[] };

/**
 * Decides for each due debit whether it is presented. If not, the first reason that applies is given.
 * @param left the cents that can still be debited for each invoice; is changed: lowered by what is taken
 */
export function sortOut(debits: DueDebit[], collection: Collection, left: Map<string, bigint>): SortedOut {
  const leftOut: PaiementEcarte[] = [];
  const allowed = debits.flatMap((debit): Taken[] => {
    const sansPreavis = withoutNotice(debit, collection);
    const obstacle = obstacleOf(debit, collection) ?? noticeObstacle(debit, collection, sansPreavis);
    if (!obstacle) return [{ ...debit, montantPrevu: debit.montant, sansPreavis }];
    leftOut.push(leftOutFor(debit, ...obstacle));
    return [];
  });
  const limited = limitToLeft(allowed, left);
  const ids = new Set(limited.map(({ id }) => id));
  for (const debit of allowed) {
    if (ids.has(debit.id)) continue;
    const { numero } = collection.invoices.get(debit.invoiceId)!;
    const why = `Il ne reste rien à prélever de la facture ${numero}.`;
    leftOut.push(leftOutFor(debit, MotifEcart.FACTURE_SOLDEE, why));
  }
  // last, because only these have no other reason against them
  const taken = limited.filter(({ organisationId }) => collection.creditors.has(organisationId));
  for (const debit of limited) {
    if (collection.creditors.has(debit.organisationId)) continue;
    const why = `Personne n’encaisse pour l’organisation ${debit.organisationId}.`;
    leftOut.push(leftOutFor(debit, MotifEcart.CREANCIER, why));
  }
  return { taken, leftOut };
}

type Obstacle = [motif: MotifEcart, explication: string];

function obstacleOf(debit: DueDebit, collection: Collection): Obstacle | undefined {
  const { rum, organisationId, mandatStatut, contratId, ibanMasque, adresse } = debit;
  if (mandatStatut === String(StatutMandat.REVOQUE)) {
    return [MotifEcart.MANDAT_REVOQUE, `Le mandat ${rum} est révoqué.`];
  }
  const until = validUntil(debit);
  if (collection.dateCollecte > until) {
    const since = formatDate(addDays(until, 1));
    const why = `Le mandat ${rum} est caduc depuis le ${since} : rien n’a été prélevé pendant 36 mois.`;
    return [MotifEcart.MANDAT_CADUC, why];
  }
  const contract = collection.contracts.get(contratId);
  if (contract?.statut === StatutContrat.RESILIE) {
    return [MotifEcart.CONTRAT_RESILIE, `Le contrat ${contract.reference} est résilié.`];
  }
  const { iban = '' } = collection.creditors.get(organisationId) ?? {};
  if (!adresse && needsAddress(ibanMasque, iban)) {
    const why = `L’adresse du débiteur est obligatoire pour ce compte, et le mandat ${rum} n’en a pas.`;
    return [MotifEcart.ADRESSE_DEBITEUR, why];
  }
  if (!isWritable(mandateOf(debit, collection.cipher), endToEndIdOf(debit.id, debit.tentative))) {
    const why = `Aucun fichier bancaire ne peut contenir ce prélèvement : vérifier le mandat ${rum}.`;
    return [MotifEcart.PRELEVEMENT, why];
  }
  return undefined;
}

function noticeObstacle(
  debit: DueDebit,
  { dateCollecte }: Collection,
  sansPreavis: Taken['sansPreavis'],
): Obstacle | undefined {
  const why = sansPreavis ? undefined : missingNotice(debit, dateCollecte);
  return why === undefined ? undefined : [MotifEcart.PREAVIS, why];
}

/** Who allowed a debit without the notice, and why; null if the notice was given. */
function withoutNotice(
  debit: DueDebit,
  { dateCollecte, auteur, dispense }: Collection,
): Taken['sansPreavis'] {
  if (missingNotice(debit, dateCollecte) === undefined) return undefined;
  const isMeant = dispense && (dispense.paymentIds.length === 0 || dispense.paymentIds.includes(debit.id));
  if (isMeant) return { auteur, motif: dispense.motif };
  if (!wasPlannedTooLate(debit, dateCollecte)) return undefined;
  return { auteur, motif: 'prélèvement saisi après le jour de sa collecte' };
}

/** The mandate as a file states it, for a debit that is presented now. */
export const mandateOf = (
  {
    mandatId,
    rum,
    dateSignature,
    titulaire,
    bic,
    ibanChiffre,
  }: Pick<DueDebit, 'mandatId' | 'rum' | 'dateSignature' | 'titulaire' | 'bic' | 'ibanChiffre'>,
  cipher: SecretCipher,
) => ({ rum, dateSignature, titulaire, bic, iban: cipher.decrypt(ibanChiffre, mandatId) });

const leftOutFor = (
  { id: paymentId, organisationId, clientId, mandatId, montant, datePrevue, ...debit }: DueDebit,
  motif: MotifEcart,
  explication: string,
): PaiementEcarte => {
  const { invoiceId, contratId, tentative, rum } = debit;
  return PaiementEcarte.fromPartial({
    ...{ paymentId, organisationId, clientId, mandatId, montant, datePrevue, motif, explication },
    ...{ invoiceId, contratId, tentative, rum },
  });
};
