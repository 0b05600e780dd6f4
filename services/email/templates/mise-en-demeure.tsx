import { formatEuros, invalid } from '@crm/kit';
import { daysAfter, formatDate, formatDays, NBSP } from './formats.ts';
import {
  Copie,
  daysLate,
  DejaRegle,
  dunningVariables,
  invoiceLines,
  lateLine,
  overdueSample,
  Paiement,
  Penalites,
  penaltiesApply,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Reference } from './layout.tsx';
import { template } from './template.ts';
import { oneOf, optional } from './variables.ts';

/** Days to pay unless `delaiJours` says 8. */
const USUAL_DELAY = '15';

/**
 * The formal notice (C. civ. 1344): it says that it is one, demands the amount, sets a time limit and names the
 * consequences. It is for debts that are overdue. Interest runs from it: to businesses the penalties of C. com.
 * L441-10, to consumers the legal rate (C. civ. 1344-1).
 */
export const miseEnDemeure = template({
  variables: { ...dunningVariables, delaiJours: optional(oneOf('8', '15')) },
  subject: ({ numero, restantDu }) =>
    `Mise en demeure de payer ${formatEuros(restantDu)} – facture ${numero}`,
  sample: { ...overdueSample, delaiJours: '8' },
  check(invoice) {
    if (daysLate(invoice) === 0)
      throw invalid('variables.dateEcheance', 'must be past: a formal notice is for a debt that is overdue');
  },
  component: (invoice) => {
    const { numero, dateFacture, dateEcheance, restantDu, aujourdhui, expediteur, contact } = invoice;
    const delay = Number(invoice.delaiJours ?? USUAL_DELAY);
    return (
      <Layout
        apercu={`Mise en demeure de payer ${formatEuros(restantDu)} dans un délai de ${formatDays(delay)}.`}
        titre="Mise en demeure de payer"
        expediteur={expediteur}
        signature={expediteur}
        salutations="Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées."
        raison={`Vous recevez ce message parce que la facture ${numero}, établie à votre nom, est impayée après son échéance.`}
      >
        <Paragraph>Madame, Monsieur,</Paragraph>
        <Paragraph>
          Sauf erreur de notre part, la facture n°{NBSP}
          <Reference>{numero}</Reference> du {formatDate(dateFacture)}, échue le {formatDate(dateEcheance)},
          soit {formatDays(daysLate(invoice))} de retard, reste impayée à hauteur de {formatEuros(restantDu)}.
        </Paragraph>
        <Recapitulatif lignes={[...invoiceLines(invoice), lateLine(invoice)]} />
        <Paragraph>
          Par la présente, nous vous <strong>mettons en demeure</strong> de nous payer la somme de{' '}
          <strong>{formatEuros(restantDu)}</strong> dans un délai de {formatDays(delay)} à compter de la
          réception de ce message, soit au plus tard le{' '}
          <strong>{formatDate(daysAfter(aujourdhui, delay))}</strong>.
        </Paragraph>
        <Paiement paiement={invoice.paiement} numero={numero} />
        <Paragraph>
          À défaut de paiement dans ce délai, nous pourrons, sans nouvel avis, engager une procédure de
          recouvrement, au besoin devant le tribunal compétent, notamment par une demande d’injonction de
          payer.
        </Paragraph>
        {penaltiesApply(invoice) ? (
          <Penalites {...invoice} />
        ) : (
          <Paragraph>
            La présente mise en demeure fait courir, sur la somme due, les intérêts moratoires au taux légal
            (article 1344-1 du code civil).
          </Paragraph>
        )}
        <Copie pieceJointe={invoice.pieceJointe} />
        <DejaRegle />
        <Paragraph>
          Vous contestez cette somme, ou souhaitez convenir d’un échéancier{NBSP}? Contactez-nous avant la fin
          de ce délai{NBSP}: <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
