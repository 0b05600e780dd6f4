import { amountToDebit, type NamedClient } from '@crm/domain';
import { TypeClient, type Client } from '@crm/proto/clients/clients';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Invoice } from '@crm/proto/factures/factures';

/** The variables of an e-mail template, raw: amounts as digits in cents, dates as the services have them, codes. */
export type MailVariables = Record<string, string>;

/** What every e-mail to a client names: a company, and the person there where one is known. */
export const clientVariables = ({ nom, prenom, raisonSociale = '' }: NamedClient): MailVariables => ({
  nom: nom || raisonSociale,
  prenom,
  raisonSociale,
});

/** What e-mails about an invoice name: `facture`, `rappel`, `relance`, `mise-en-demeure`. */
export const invoiceVariables = (client: Client, invoice: Invoice): MailVariables => ({
  ...clientVariables(client),
  // penalties and indemnities are for business clients only: nobody is taken for one who is not known to be
  typeClient: client.type === TypeClient.PROFESSIONNEL ? 'PROFESSIONNEL' : 'PARTICULIER',
  numero: invoice.numero,
  objet: invoice.objet,
  dateFacture: invoice.dateFacture,
  dateEcheance: invoice.dateEcheance,
  montant: String(invoice.montant),
  montantAvoirs: String(invoice.montantAvoirs),
  montantRecu: String(invoice.montantRecu),
  restantDu: String(invoice.restantDu),
});

/**
 * What e-mails about a debit name: `rejet-…`, `avant-reessai`, `reessai-echoue`, `reessais-epuises`.
 * @param montant of the debit, cents; `montantDu` is what of it is still to be paid (`leftToPay`)
 * @param invoice that it pays, where it pays one
 */
export const paymentVariables = (
  client: Client,
  { montant, montantDu }: { montant: bigint; montantDu?: bigint },
  invoice: Invoice | undefined,
): MailVariables => ({
  ...clientVariables(client),
  montant: String(montant),
  ...(montantDu && { montantDu: String(montantDu) }),
  ...(invoice && {
    numero: invoice.numero,
    dateFacture: invoice.dateFacture,
    dateEcheance: invoice.dateEcheance,
    montantFacture: String(invoice.montant),
    montantAvoirs: String(invoice.montantAvoirs),
    montantRecu: String(invoice.montantRecu),
    restantDu: String(invoice.restantDu),
  }),
});

/** What a debit to come takes, cents: what is left of its invoice at most, and what was asked for above it. */
export const leftToPay = (
  debit: { montant: bigint; depassement: bigint },
  invoice: Invoice | undefined,
): bigint => (invoice ? amountToDebit(debit, invoice.restantDu) : debit.montant);

/** What the confirmation of a contract names. */
export const contractVariables = (client: Client, contrat: Contrat): MailVariables => ({
  ...clientVariables(client),
  reference: contrat.reference,
  dateSignature: contrat.dateSignature,
  montantTotal: String(contrat.montantTotal),
  nombreEcheances: String(contrat.nombreEcheances),
  datePremiereEcheance: contrat.datePremiereEcheance,
  modePaiement: contrat.mandatId && 'PRELEVEMENT_SEPA',
});
