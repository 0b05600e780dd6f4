import { addDays, daysBetween, formatEuros, lateness, NBSP, penaltyRateInWords } from '@crm/domain';
import { invalid } from '@crm/kit';
import { clientSample, clientVariables } from './client.ts';
import { formatDate } from './formats.ts';
import { Paragraph, Reference, type Ligne } from './layout.tsx';
import type { Usual } from './template.ts';
import { cents, date, oneOf, optional, owedCents, text, type ValuesOf } from './variables.ts';

/** The variables of mails about an invoice. */
export const invoiceVariables = {
  ...clientVariables,
  /** Decides which penalties the law allows. */
  typeClient: oneOf('PARTICULIER', 'PROFESSIONNEL'),
  numero: text,
  objet: optional(text),
  dateFacture: date,
  dateEcheance: date,
  /** VAT included. */
  montant: cents,
  montantAvoirs: optional(cents),
  montantRecu: cents,
  restantDu: cents,
  /** What debits under way take of what is left to pay. If omitted: nothing. */
  montantPreleve: optional(cents),
  /** The day of the debit, if it is a single one in the future. */
  preleveLe: optional(date),
};

/** As invoiceVariables, for mails that ask for payment: something must be due. */
export const dunningVariables = { ...invoiceVariables, restantDu: owedCents };

export const invoiceSample = {
  ...clientSample,
  typeClient: 'PARTICULIER',
  numero: 'F-2026-0042',
  objet: 'Contrat d’entretien annuel',
  dateFacture: '2026-06-15',
  dateEcheance: '2026-07-15',
  montant: '123456',
  montantAvoirs: '',
  montantRecu: '0',
  restantDu: '123456',
  montantPreleve: '',
  preleveLe: '',
};

/** A business's invoice that is overdue since 14 June and partly paid. */
export const overdueSample = {
  ...invoiceSample,
  prenom: 'Camille',
  nom: 'Lefèvre',
  raisonSociale: 'Atelier Lefèvre SARL',
  typeClient: 'PROFESSIONNEL',
  dateFacture: '2026-05-15',
  dateEcheance: '2026-06-14',
  montantRecu: '30000',
  restantDu: '93456',
};

export type Invoice = ValuesOf<typeof invoiceVariables> & Usual;

/** Days since the due date; 0 until that day, included. */
export const daysLate = ({
  dateEcheance,
  aujourdhui,
}: Pick<Invoice, 'dateEcheance' | 'aujourdhui'>): number =>
  Math.max(0, daysBetween(dateEcheance, aujourdhui));

/** The amount that the client is asked to pay, in cents: what is left, minus what is debited. */
export function toPay({
  restantDu,
  montantPreleve = 0n,
}: Pick<Invoice, 'restantDu' | 'montantPreleve'>): bigint {
  return montantPreleve < restantDu ? restantDu - montantPreleve : 0n;
}

/** @throws {RpcError} INVALID_ARGUMENT if all that is left is debited, so that nothing may be asked for */
export function assertToPay(invoice: Pick<Invoice, 'restantDu' | 'montantPreleve'>): void {
  if (toPay(invoice) === 0n)
    throw invalid(
      'variables.montantPreleve',
      'must be less than restantDu: who is debited is not asked to pay',
    );
}

/** What will be debited from the client's account; nothing if that is 0. */
export function SeraPreleve(
  invoice: Pick<Invoice, 'restantDu' | 'montantPreleve' | 'preleveLe' | 'aujourdhui'>,
) {
  const { restantDu, montantPreleve, preleveLe, aujourdhui } = invoice;
  if (!montantPreleve) return undefined;
  const isToCome = preleveLe !== undefined && preleveLe > aujourdhui;
  return (
    <Paragraph>
      La somme de <strong>{formatEuros(montantPreleve < restantDu ? montantPreleve : restantDu)}</strong>{' '}
      {isToCome ? (
        <>
          sera prélevée le <strong>{formatDate(preleveLe)}</strong> sur votre compte bancaire
        </>
      ) : (
        'fait l’objet d’un prélèvement sur votre compte bancaire'
      )}
      {toPay(invoice) ? '' : `${NBSP}: vous n’avez rien à faire`}.
    </Paragraph>
  );
}

/** The invoice in lines: credits, payments, debits and delay, where there are any. */
export function invoiceLines(invoice: Invoice): Ligne[] {
  const { numero, objet, dateFacture, dateEcheance, montant, restantDu } = invoice;
  const { montantAvoirs = 0n, montantRecu, montantPreleve, aujourdhui } = invoice;
  return [
    { libelle: 'Client', valeur: invoice.raisonSociale },
    { libelle: 'Facture', valeur: numero },
    { libelle: 'Objet', valeur: objet },
    { libelle: 'Date de facture', valeur: formatDate(dateFacture) },
    { libelle: 'Échéance', valeur: formatDate(dateEcheance) },
    { libelle: 'Total TTC', valeur: formatEuros(montant) },
    { libelle: 'Avoirs', valeur: montantAvoirs ? formatEuros(-montantAvoirs) : undefined },
    { libelle: 'Déjà réglé', valeur: montantRecu ? formatEuros(montantRecu) : undefined },
    { libelle: 'Reste à payer', valeur: formatEuros(restantDu), important: true },
    { libelle: 'Dont prélevé', valeur: montantPreleve ? formatEuros(montantPreleve) : undefined },
    { libelle: 'Retard', valeur: restantDu ? lateness(dateEcheance, aujourdhui) : undefined },
  ];
}

/** ` n° F-2026-0042 du 15 juin 2026`, after "la facture". */
export const Numbered = ({ numero, dateFacture }: Pick<Invoice, 'numero' | 'dateFacture'>) => (
  <>
    n°{NBSP}
    <Reference>{numero}</Reference> du {formatDate(dateFacture)}
  </>
);

/** Refers to the attached copy. */
export const Copie = ({ pieceJointe }: Pick<Usual, 'pieceJointe'>) =>
  pieceJointe && <Paragraph>Une copie de la facture est jointe à ce message.</Paragraph>;

/**
 * Whether late-payment penalties and the 40 € indemnity may be mentioned: only to businesses, from the day
 * after the due date (C. com. L441-10 II). Consumers are never charged recovery costs (C. proc. civ. exéc.
 * L111-8).
 */
export const penaltiesApply = (
  invoice: Pick<Invoice, 'typeClient' | 'dateEcheance' | 'aujourdhui'>,
): boolean => invoice.typeClient === 'PROFESSIONNEL' && daysLate(invoice) > 0;

/** The penalties of C. com. L441-10 II and the indemnity of D441-5, if they apply. */
export const Penalites = (invoice: Invoice) =>
  penaltiesApply(invoice) && (
    <PenalitesExigibles
      {...invoice}
      depuis={`le ${formatDate(addDays(invoice.dateEcheance, 1))}`}
      reste="le reste à payer ci-dessus"
    />
  );

/** @param depuis "le 15 juin 2026" @param parFacture the indemnity is due for each of several invoices */
export const PenalitesExigibles = ({
  depuis,
  reste,
  parFacture = false,
  tauxPenalites = penaltyRateInWords(undefined),
}: Pick<Usual, 'tauxPenalites'> & { depuis: string; reste: string; parFacture?: boolean }) => (
  <Paragraph>
    En application de l’article L.{NBSP}441-10 du code de commerce, des pénalités de retard sont exigibles
    depuis {depuis}, sans qu’un rappel soit nécessaire, au {tauxPenalites}, ainsi qu’une indemnité forfaitaire
    pour frais de recouvrement de {formatEuros(40_00n)}
    {parFacture ? ' par facture' : ''} (article D.{NBSP}441-5). Ces sommes ne sont pas comprises dans {reste}.
  </Paragraph>
);
