import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events have e-mailed. */
export const emailHandlers = ({ email }: Services) =>
  ({
    async sendWelcomeEmail(event, { metadata, deadlineMs }) {
      if (!event.email) return { skipped: 'le client n’a pas d’adresse e-mail' };
      const { organisationId, clientId, nom, prenom } = event;
      const sent = await email.sendEmailWithTemplate(
        {
          organisationId,
          clientId,
          destinataire: event.email,
          modele: 'bienvenue',
          variables: { nom, prenom },
        },
        { metadata, deadlineMs },
      );
      return { done: sent.id };
    },
  }) satisfies Partial<Handlers>;
