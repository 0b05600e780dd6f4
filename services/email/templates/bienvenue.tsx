import { clientName, NBSP } from '@crm/domain';
import { clientSample, clientVariables } from './client.ts';
import { Contact, Layout, Paragraph, Salutation } from './layout.tsx';
import { template } from './template.ts';

/** The mail that welcomes a new client. */
export const bienvenue = template({
  variables: clientVariables,
  subject: ({ expediteur }) => `Bienvenue chez ${expediteur}`,
  sample: clientSample,
  component: ({ nom, prenom = '', raisonSociale, contact, expediteur }) => (
    <Layout
      apercu="Votre dossier client est ouvert. Voici la suite, et à qui vous adresser."
      titre={`Bienvenue chez ${expediteur}`}
      expediteur={expediteur}
      raison="Vous recevez ce message, envoyé automatiquement, parce qu’un dossier client vient d’être ouvert avec cette adresse e-mail. Si ce message ne vous concerne pas, merci de nous le signaler."
    >
      <Salutation prenom={prenom} />
      <Paragraph>
        Nous vous remercions de votre confiance. Votre dossier client est désormais ouvert, au nom suivant
        {NBSP}: <strong>{clientName({ nom, prenom, raisonSociale })}</strong>.
      </Paragraph>
      <Paragraph>
        Vous n’avez aucune démarche à effectuer pour le moment{NBSP}: votre interlocuteur prendra contact avec
        vous prochainement pour faire le point sur vos attentes.
      </Paragraph>
      <Paragraph>
        Une question, des coordonnées à corriger{NBSP}? Votre contact{NBSP}: <Contact>{contact}</Contact>
      </Paragraph>
    </Layout>
  ),
});
