import { Contact, Layout, Paragraph, Salutation } from './layout.tsx';
import { template } from './template.ts';
import { optional, text } from './variables.ts';

/** The mail that welcomes a new client. A company, or a person whose first name is not known, has only a `nom`. */
export const bienvenue = template({
  variables: { nom: text, prenom: optional(text) },
  subject: ({ expediteur }) => `Bienvenue chez ${expediteur}`,
  sample: { prenom: 'Camille', nom: 'Lefèvre' },
  component: ({ nom, prenom, contact, expediteur }) => (
    <Layout
      apercu="Votre dossier client est ouvert. Voici la suite, et à qui vous adresser."
      titre={`Bienvenue chez ${expediteur}`}
      expediteur={expediteur}
      raison="Vous recevez ce message, envoyé automatiquement, parce qu’un dossier client vient d’être ouvert avec cette adresse. Si ce message ne vous concerne pas, merci de nous le signaler."
    >
      <Salutation nom={nom} prenom={prenom} />
      <Paragraph>
        Nous vous remercions de votre confiance. Votre dossier client est désormais ouvert au nom de{' '}
        <strong>{prenom ? `${prenom} ${nom}` : nom}</strong>.
      </Paragraph>
      <Paragraph>
        Vous n’avez aucune démarche à effectuer pour le moment{'\u00a0'}: votre interlocuteur prendra contact
        avec vous prochainement pour faire le point sur vos attentes.
      </Paragraph>
      <Paragraph>
        Une question, des coordonnées à corriger{'\u00a0'}? Votre contact{'\u00a0'}:{' '}
        <Contact>{contact}</Contact>
      </Paragraph>
    </Layout>
  ),
});
