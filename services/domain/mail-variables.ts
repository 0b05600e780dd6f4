import { TypeClient, type Client } from '@crm/proto/clients/clients';
import type { Contrat } from '@crm/proto/contrats/contrats';
import type { Invoice } from '@crm/proto/factures/factures';
import { amountToDebit } from './amount-to-debit.ts';
import type { NamedClient } from './client-names.ts';
import { dateInParis } from './paris.ts';

/**
 * The variables of an e-mail template, unformatted: amounts in cents as digits, dates as the services have
 * them, codes.
 */
export type MailVariables = Record<string, string>;

/** The variables about a client: a company with its contact, if one is known, or a person. */
export const clientVariables = ({ nom, prenom, raisonSociale = '' }: NamedClient): MailVariables => ({
  nom: nom || raisonSociale,
  prenom,
  raisonSociale,
});

/** What debits under way take of an invoice, cents; when, where it is one debit on a day to come. */
type Debited = { montantPreleve: bigint; preleveLe: string };

/** The variables about an invoice, for `facture`, `rappel`, `relance`, `mise-en-demeure`. */
export const invoiceVariables = (
  client: Client,
  invoice: Invoice,
  { montantPreleve, preleveLe }: Debited,
): MailVariables => ({
  ...clientVariables(client),
  typeClient: typeOf(client),
  numero: invoice.numero,
  objet: invoice.objet,
  dateFacture: invoice.dateFacture,
  dateEcheance: invoice.dateEcheance,
  montant: String(invoice.montant),
  montantAvoirs: String(invoice.montantAvoirs),
  montantRecu: String(invoice.montantRecu),
  restantDu: String(invoice.restantDu),
  ...(montantPreleve && { montantPreleve: String(montantPreleve), preleveLe }),
});

// penalties apply to business clients only, so a client of unknown type gets none
const typeOf = ({ type }: Client): string =>
  type === TypeClient.PROFESSIONNEL ? 'PROFESSIONNEL' : 'PARTICULIER';

/** The invoices that `relance-groupee` lists; the others are counted, with their sum. */
const LISTED_AT_MOST = 20;

/**
 * The variables about several invoices, for `relance-groupee`.
 * @param invoices those that the mail asks to be paid, in the order in which it lists them
 * @param ton the template in whose words it asks
 */
export function mergedVariables(
  client: Client,
  invoices: { invoice: Invoice; montantPreleve: bigint }[],
  { ton, at }: { ton: string; at: Date },
): MailVariables {
  const late = invoices.filter(({ invoice }) => invoice.dateEcheance < dateInParis(at));
  const sum = (of: typeof invoices, amount: (one: (typeof of)[number]) => bigint) =>
    String(of.reduce((all, one) => all + amount(one), 0n));
  const debited = sum(invoices, ({ montantPreleve }) => montantPreleve);
  const lines = invoices.slice(0, LISTED_AT_MOST).map(({ invoice }, index) => {
    const { numero, dateFacture, dateEcheance, montant, restantDu } = invoice;
    return [
      `facture${index + 1}`,
      [numero, dateFacture, dateEcheance, montant, restantDu].join('|'),
    ] as const;
  });
  return {
    ...clientVariables(client),
    ...{ typeClient: typeOf(client), ton },
    ...{ nombre: String(invoices.length), nombreEnRetard: String(late.length) },
    restantDu: sum(invoices, ({ invoice }) => invoice.restantDu),
    montantEnRetard: sum(late, ({ invoice, montantPreleve }) => invoice.restantDu - montantPreleve),
    ...(debited !== '0' && { montantPreleve: debited }),
    ...Object.fromEntries(lines),
  };
}

/**
 * The variables about a debit, for `rejet-…`, `avant-reessai`, `reessai-echoue`, `reessais-epuises`.
 * @param montant of the debit in cents; `montantDu` is the part that is still to be paid (`leftToPay`)
 * @param invoice the invoice that it pays, if any
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

/** The amount of a debit to come in cents: at most what is left of its invoice, plus an allowed excess. */
export const leftToPay = (
  debit: { montant: bigint; depassement: bigint },
  invoice: Invoice | undefined,
): bigint => (invoice ? amountToDebit(debit, invoice.restantDu) : debit.montant);

/** The variables for the confirmation of a contract. */
export const contractVariables = (client: Client, contrat: Contrat): MailVariables => ({
  ...clientVariables(client),
  reference: contrat.reference,
  dateSignature: contrat.dateSignature,
  montantTotal: String(contrat.montantTotal),
  nombreEcheances: String(contrat.nombreEcheances),
  datePremiereEcheance: contrat.datePremiereEcheance,
  modePaiement: contrat.mandatId && 'PRELEVEMENT_SEPA',
});
