import { clientName, formatDate, formatEuros } from '@crm/domain';
import type { PdfDefinition } from '@crm/kit/pdf';
import type { Invoice } from '@crm/proto/factures/factures';
import type { Content } from 'pdfmake/interfaces.js';
import { breakable, facts, letter, settlement, type Sides } from './letter.ts';

/** The content of a formal notice. */
export type FormalNotice = Sides & {
  /** With what is left to pay. */
  invoice: Invoice;
  /** The date of the letter, YYYY-MM-DD. */
  aujourdhui: string;
  /** The last day to pay, YYYY-MM-DD. */
  dateLimite: string;
  /** The contact. Empty: none is named. */
  contact: string;
  /** The rate of late-payment penalties, in words. */
  penalites: string;
  /** What debits under way take of what is left, in cents; when (YYYY-MM-DD), if it is one debit on a day to come. */
  montantPreleve: bigint;
  preleveLe: string;
};

/**
 * The formal notice as a letter to post (C. civ. 1344), with the content of the mail `mise-en-demeure`. It
 * sets a date instead of a delay from its receipt: the sender knows neither the day of receipt nor whether
 * the letter is collected. Penalties and the 40 € apply to businesses; for others interest is at the legal
 * rate (C. civ. 1344-1). The same letter always has the same bytes.
 */
export const formalNoticePdf = (notice: FormalNotice): PdfDefinition => {
  const { invoice, aujourdhui, dateLimite, contact, penalites, montantPreleve, preleveLe, ...sides } = notice;
  const { numero, dateEcheance } = invoice;
  const remaining = formatEuros(invoice.restantDu);
  // who is debited of a part is not asked for it
  const asked = formatEuros(invoice.restantDu - montantPreleve);
  const debit = preleveLe
    ? `sera prélevée le ${formatDate(preleveLe)} sur votre compte bancaire`
    : 'fait l’objet d’un prélèvement sur votre compte bancaire';
  return letter({
    ...sides,
    title: `Mise en demeure, facture ${numero}`,
    numero: `Mise en demeure, facture ${numero}`,
    clientId: invoice.clientId,
    createdAt: new Date(`${aujourdhui}T00:00:00Z`),
    head: [
      { text: 'MISE EN DEMEURE', fontSize: 18, bold: true },
      { text: 'Lettre recommandée avec accusé de réception', bold: true },
      `Le ${formatDate(aujourdhui)}`,
    ],
    content: [
      { text: `Objet : mise en demeure de payer ${asked}, facture n° ${numero}`, bold: true },
      paragraph('Madame, Monsieur,', 10),
      paragraph(
        `Sauf erreur de notre part, la facture n° ${numero} du ${formatDate(invoice.dateFacture)}, échue le ` +
          `${formatDate(dateEcheance)}, reste impayée à hauteur de ${remaining}.`,
      ),
      facts([
        ['Débiteur', sides.destinataire && clientName(sides.destinataire)],
        ['Facture', numero],
        ['Objet', invoice.objet],
        ['Date de facture', formatDate(invoice.dateFacture)],
        ['Échéance', formatDate(dateEcheance)],
        ['Total TTC', formatEuros(invoice.montant)],
        ['Avoirs', invoice.montantAvoirs ? formatEuros(-invoice.montantAvoirs) : undefined],
        ['Déjà réglé', invoice.montantRecu ? formatEuros(invoice.montantRecu) : undefined],
        ['Reste à payer', remaining],
      ]),
      ...(montantPreleve ? [paragraph(`La somme de ${formatEuros(montantPreleve)} ${debit}.`)] : []),
      paragraph([
        'Par la présente, nous vous ',
        { text: 'mettons en demeure', bold: true },
        ' de nous payer la somme de ',
        { text: asked, bold: true },
        ' au plus tard le ',
        { text: formatDate(dateLimite), bold: true },
        '.',
      ]),
      ...settlement('Comment régler', sides.paiement, numero),
      paragraph(
        'À défaut de paiement à cette date, nous pourrons, sans nouvel avis, engager une procédure de recouvrement, ' +
          'au besoin devant le tribunal compétent, notamment par une demande d’injonction de payer.',
      ),
      paragraph(
        sides.destinataire?.professionnel
          ? `En application de l’article L.\u00a0441-10 du code de commerce, des pénalités de retard sont exigibles depuis ` +
              `le lendemain de l’échéance, sans qu’un rappel soit nécessaire, au ${penalites}, ainsi qu’une ` +
              'indemnité forfaitaire pour frais de recouvrement de 40\u00a0€ (article D.\u00a0441-5). Ces sommes ne ' +
              'sont pas comprises dans le reste à payer ci-dessus.'
          : 'La présente mise en demeure fait courir, sur la somme due, les intérêts moratoires au taux légal ' +
              '(article 1344-1 du code civil).',
      ),
      paragraph(
        'Si vous avez déjà réglé cette somme, indiquez-nous la date et le mode de votre règlement. Si vous la ' +
          'contestez, ou si vous souhaitez convenir d’un échéancier, contactez-nous avant cette date' +
          (contact ? `\u00a0: ${breakable(contact)}.` : '.'),
      ),
      {
        unbreakable: true,
        stack: [
          paragraph('Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.'),
          { text: breakable(sides.emetteur?.raisonSociale ?? ''), bold: true, margin: [0, 14, 0, 0] },
        ],
      },
    ],
  });
};

const paragraph = (text: Content, above = 0): Content => ({
  text,
  margin: [0, above, 0, 9],
});
