import { formatEuros, NBSP } from '@crm/domain';
import { clientSample, clientVariables } from './client.ts';
import { formatDate } from './formats.ts';
import { Contact, Layout, Paragraph, Recapitulatif, Salutation, type Ligne } from './layout.tsx';
import { template } from './template.ts';
import { cents, count, date, oneOf, optional, text } from './variables.ts';

/** Confirms the signature of a contract. */
export const confirmationContrat = template({
  variables: {
    ...clientVariables,
    reference: text,
    dateSignature: date,
    /** 0 or omitted: nothing is to be paid. */
    montantTotal: optional(cents),
    nombreEcheances: optional(count),
    datePremiereEcheance: optional(date),
    modePaiement: optional(oneOf('PRELEVEMENT_SEPA')),
  },
  subject: ({ reference }) => `Contrat ${reference} : votre signature est confirmée`,
  sample: {
    ...clientSample,
    ...{ reference: 'C-2026-0042', dateSignature: '2026-06-15' },
    ...{ montantTotal: '123456', nombreEcheances: '12', datePremiereEcheance: '2026-07-15' },
    modePaiement: 'PRELEVEMENT_SEPA',
  },
  component: (contrat) => {
    const { prenom, reference, dateSignature, expediteur, contact } = contrat;
    return (
      <Layout
        apercu={`Signé le ${formatDate(dateSignature)}. Conservez ce message.`}
        titre={`Votre contrat ${reference} est signé`}
        expediteur={expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’un contrat vient d’être signé à votre nom. Si vous n’en êtes pas à l’origine, merci de nous le signaler sans tarder."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          Nous vous confirmons la signature de votre contrat et vous remercions de votre confiance.
        </Paragraph>
        <Recapitulatif lignes={contractLines(contrat)} />
        {contrat.modePaiement && Boolean(contrat.montantTotal) && (
          <Paragraph>
            {contrat.nombreEcheances === 1 ? 'L’échéance sera prélevée' : 'Les échéances seront prélevées'}{' '}
            sur votre compte, conformément au mandat de prélèvement SEPA que vous avez signé.
          </Paragraph>
        )}
        <Paragraph>
          Conservez ce message. Une question sur votre contrat{NBSP}? Votre contact{NBSP}:{' '}
          <Contact>{contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});

type Contract = {
  reference: string;
  dateSignature: string;
  montantTotal?: bigint | undefined;
  nombreEcheances?: number | undefined;
  datePremiereEcheance?: string | undefined;
};

function contractLines(contrat: Contract): Ligne[] {
  const { reference, dateSignature, montantTotal, nombreEcheances, datePremiereEcheance } = contrat;
  const isOne = nombreEcheances === 1;
  return [
    { libelle: 'Contrat', valeur: reference },
    { libelle: 'Date de signature', valeur: formatDate(dateSignature) },
    ...(montantTotal
      ? [
          { libelle: 'Montant total', valeur: formatEuros(montantTotal), important: true },
          { libelle: 'Nombre d’échéances', valeur: isOne || !nombreEcheances ? '' : String(nombreEcheances) },
          {
            libelle: isOne ? 'Échéance' : 'Première échéance',
            valeur: datePremiereEcheance && formatDate(datePremiereEcheance),
          },
        ]
      : []),
  ];
}
