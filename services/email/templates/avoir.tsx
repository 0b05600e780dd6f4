import { formatEuros, NBSP } from '@crm/domain';
import { clientSample, clientVariables } from './client.ts';
import { formatDate } from './formats.ts';
import { Numbered } from './invoice.tsx';
import { Contact, Layout, Paragraph, Recapitulatif, Reference, Salutation } from './layout.tsx';
import { template } from './template.ts';
import { date, optional, owedCents, text } from './variables.ts';

/** The mail with a credit note. It asks for nothing. */
export const avoir = template({
  variables: {
    ...clientVariables,
    numeroAvoir: text,
    dateAvoir: date,
    /** VAT included. */
    montantAvoir: owedCents,
    motif: optional(text),
    /** The number of the corrected invoice. */
    numero: text,
    dateFacture: date,
  },
  subject: ({ numeroAvoir, numero }) => `Avoir ${numeroAvoir} sur la facture ${numero}`,
  sample: {
    ...clientSample,
    ...{ numeroAvoir: 'A-2026-0007', dateAvoir: '2026-07-01' },
    ...{ montantAvoir: '20000', motif: 'Intervention annulée', numero: 'F-2026-0042' },
    ...{ dateFacture: '2026-06-15', pieceJointe: 'avoir' },
  },
  component: (note) => {
    const { prenom, numeroAvoir, dateAvoir, montantAvoir, motif, numero } = note;
    return (
      <Layout
        apercu={`${formatEuros(montantAvoir)} à votre crédit. Vous n’avez aucune démarche à effectuer.`}
        titre={`Votre avoir ${numeroAvoir}`}
        expediteur={note.expediteur}
        raison="Vous recevez ce message, envoyé automatiquement, parce qu’un avoir vient d’être établi à votre nom."
      >
        <Salutation prenom={prenom} />
        <Paragraph>
          {note.pieceJointe ? 'Vous trouverez en pièce jointe, au format PDF,' : 'Voici l’essentiel de'} votre
          avoir n°
          {NBSP}
          <Reference>{numeroAvoir}</Reference> du {formatDate(dateAvoir)}, qui corrige la facture{' '}
          <Numbered {...note} />.
        </Paragraph>
        <Recapitulatif
          lignes={[
            { libelle: 'Avoir', valeur: numeroAvoir },
            { libelle: 'Date de l’avoir', valeur: formatDate(dateAvoir) },
            { libelle: 'Facture corrigée', valeur: numero },
            { libelle: 'Motif', valeur: motif },
            { libelle: 'Montant TTC de l’avoir', valeur: formatEuros(montantAvoir), important: true },
          ]}
        />
        <Paragraph>
          Ce montant est déduit de ce qui reste à payer sur cette facture{NBSP}; si elle est déjà réglée, il
          vous est dû. Vous n’avez aucune démarche à effectuer.
        </Paragraph>
        <Paragraph>
          Une question sur cet avoir{NBSP}? Votre contact{NBSP}: <Contact>{note.contact}</Contact>
        </Paragraph>
      </Layout>
    );
  },
});
