import { clientName, formatDays, formatEuros, NBSP } from '@crm/domain';
import { invalid } from '@crm/kit';
import { formatDate } from './formats.ts';
import { CommentRegler } from './how-to-pay.tsx';
import {
  assertToPay,
  Copie,
  daysLate,
  dunningVariables,
  invoiceLines,
  Numbered,
  overdueSample,
  Penalites,
  penaltiesApply,
  SeraPreleve,
  toPay,
} from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif } from './layout.tsx';
import { template } from './template.ts';
import { oneOf, optional } from './variables.ts';

/** Days to pay, unless `delaiJours` is 8. */
const USUAL_DELAY = '15';

/**
 * The formal notice (C. civ. 1344): it calls itself one, names the debtor, demands the amount, sets a time
 * limit and names the consequences. Only for overdue debts. Interest runs from it: for businesses the
 * penalties of C. com. L441-10, for consumers the legal rate (C. civ. 1344-1). The time limit counts from its
 * receipt, which is unknown here, so it names no date. It asks readers who have paid to say so; telling them
 * to ignore it would weaken it.
 */
export const miseEnDemeure = template({
  variables: { ...dunningVariables, delaiJours: optional(oneOf('8', '15')) },
  subject: (invoice) => `Facture ${invoice.numero} : mise en demeure de payer ${formatEuros(toPay(invoice))}`,
  sample: { ...overdueSample, delaiJours: '8' },
  check(invoice) {
    assertToPay(invoice);
    if (daysLate(invoice) === 0)
      throw invalid('variables.dateEcheance', 'must be past: a formal notice is for a debt that is overdue');
  },
  component: (invoice) => {
    const { numero, dateEcheance, restantDu, paiement, expediteur, contact } = invoice;
    const asked = toPay(invoice);
    const { nom, prenom = '', raisonSociale } = invoice;
    const delay = formatDays(Number(invoice.delaiJours ?? USUAL_DELAY));
    return (
      <Layout
        apercu={`${formatEuros(asked)} à payer dans un délai de ${delay}.`}
        titre="Mise en demeure de payer"
        expediteur={expediteur}
        signature={expediteur}
        salutations="Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées."
        raison={`Vous recevez ce message parce que la facture ${numero}, établie à votre nom, est impayée après son échéance.`}
      >
        <Paragraph>Madame, Monsieur,</Paragraph>
        <Paragraph>
          Sauf erreur de notre part, la facture <Numbered {...invoice} />, échue le {formatDate(dateEcheance)}
          , reste impayée à hauteur de {formatEuros(restantDu)}.
        </Paragraph>
        <Recapitulatif
          lignes={[
            { libelle: 'Débiteur', valeur: clientName({ nom, prenom, raisonSociale }) },
            ...invoiceLines({ ...invoice, raisonSociale: undefined }),
          ]}
        />
        <SeraPreleve {...invoice} />
        <Paragraph>
          Par la présente, nous vous <strong>mettons en demeure</strong> de nous payer la somme de{' '}
          <strong>{formatEuros(asked)}</strong> dans un délai de <strong>{delay}</strong> à compter de la
          réception de ce message.
        </Paragraph>
        <CommentRegler paiement={paiement} numero={numero} />
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
        <Paragraph>
          Si vous avez déjà réglé cette somme, indiquez-nous la date et le mode de votre règlement.{' '}
          {paiement ? 'Si vous la contestez' : 'Pour savoir comment régler, si vous la contestez'}, ou si vous
          souhaitez convenir d’un échéancier, contactez-nous avant la fin de ce délai{NBSP}:{' '}
          <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
