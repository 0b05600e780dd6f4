import { orUndefined, type CallSettings, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import { StatutFacture, type Invoice, type InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  StatutMandat,
  StatutPaiement,
  type MandateServiceService,
  type Payment,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { formatDate } from './format-french.ts';
import { todayInParis } from './paris.ts';

/** The services that know a part of it. */
export type TruthSources = {
  payments: Pick<Connected<typeof PaymentServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
  mandats: Pick<Connected<typeof MandateServiceService>, 'get'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
};

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
  services: TruthSources,
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
  services: TruthSources,
  paymentId: string,
  settings: CallSettings,
  otherMandatId = '',
): Promise<Obstacle | undefined> {
  const { obstacle } = await readTruth(services, paymentId, otherMandatId, settings);
  return obstacle?.eligibilite === Eligibilite.NOT_ELIGIBLE_REASON_CODE ? undefined : obstacle;
}

const isClosed = ({ restantDu, statut }: Invoice): boolean =>
  restantDu === 0n || statut === StatutFacture.PAYEE || statut === StatutFacture.ANNULEE;

const stop = (statut: StatutRetry, eligibilite: Eligibilite, motifFin: string): Truth => ({
  obstacle: { statut, eligibilite, motifFin },
});
