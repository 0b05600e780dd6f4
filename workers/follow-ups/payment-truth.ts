import { formatDate, todayInParis } from '@crm/domain';
import { orUndefined, type CallSettings } from '@crm/kit';
import { StatutContrat } from '@crm/proto/contrats/contrats';
import { StatutFacture, type Invoice } from '@crm/proto/factures/factures';
import { StatutMandat, StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import type { Services } from '../clients.ts';

/** Why a payment is not debited again, as the schedule records it. */
export type Obstacle = { statut: StatutRetry; eligibilite: Eligibilite; motifFin: string };
/** A payment as it is now, or why nothing is debited for it any more. */
export type Truth = { payment: Payment; obstacle?: undefined } | { payment?: undefined; obstacle: Obstacle };

const { ARRETE, ENCAISSE } = StatutRetry;

/**
 * Reads whether a payment may be debited again. It may not if it is settled, nothing is left of its invoice,
 * its contract is terminated, its mandate is revoked or lapsed, or its client is blocked. Unknown references
 * are no obstacle.
 * @param otherMandatId the mandate to debit with, if it is not the payment's
 */
export async function readTruth(
  services: Services,
  paymentId: string,
  otherMandatId = '',
  settings: CallSettings = {},
): Promise<Truth> {
  const payment = await orUndefined(services.payments.get({ id: paymentId }, settings));
  if (!payment) {
    return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_REASON_CODE, 'le paiement n’existe pas');
  }
  if (payment.statut === StatutPaiement.ENCAISSE) {
    return stop(ENCAISSE, Eligibilite.NOT_ELIGIBLE_PAYMENT_SETTLED, 'paiement réglé');
  }
  const { contratId, clientId, invoiceId } = payment;
  const mandatId = otherMandatId || payment.mandatId;
  const invoice = invoiceId
    ? await orUndefined(services.factures.get({ id: invoiceId }, settings))
    : undefined;
  // for example paid by transfer, or credited: a debit would take the money twice
  if (invoice && isClosed(invoice)) {
    return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_PAYMENT_SETTLED, 'facture réglée ou annulée');
  }
  const contrat = contratId
    ? await orUndefined(services.contrats.get({ id: contratId }, settings))
    : undefined;
  if (contrat?.statut === StatutContrat.RESILIE) {
    return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_CONTRACT_CANCELLED, 'contrat résilié');
  }
  const mandat = mandatId ? await orUndefined(services.mandats.get({ id: mandatId }, settings)) : undefined;
  if (mandat?.statut === StatutMandat.REVOQUE) {
    return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_MANDATE_REVOKED, 'mandat révoqué');
  }
  // a lapsed mandate is treated like a revoked one
  if (mandat?.valideJusquAu && mandat.valideJusquAu < todayInParis()) {
    const motifFin = `mandat caduc, il valait jusqu’au ${formatDate(mandat.valideJusquAu)}`;
    return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_MANDATE_REVOKED, motifFin);
  }
  const client = await orUndefined(services.clients.get({ id: clientId }, settings));
  if (client?.bloque) return stop(ARRETE, Eligibilite.NOT_ELIGIBLE_CLIENT_BLOCKED, 'client bloqué');
  return { payment };
}

/**
 * Why a rejected payment is not debited again, apart from the reason of its rejection; undefined if there is
 * no obstacle, or the payment is unknown.
 */
export async function obstacleTo(
  services: Services,
  paymentId: string,
  settings: CallSettings,
): Promise<Obstacle | undefined> {
  const { obstacle } = await readTruth(services, paymentId, '', settings);
  return obstacle?.eligibilite === Eligibilite.NOT_ELIGIBLE_REASON_CODE ? undefined : obstacle;
}

const isClosed = ({ restantDu, statut }: Invoice): boolean =>
  restantDu === 0n || statut === StatutFacture.PAYEE || statut === StatutFacture.ANNULEE;

const stop = (statut: StatutRetry, eligibilite: Eligibilite, motifFin: string): Truth => ({
  obstacle: { statut, eligibilite, motifFin },
});
