import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events tell users. */
export const notificationsHandlers = ({ clients, notifications }: Services) =>
  ({
    async notifyAccountManager({ clientId, organisationId, nom, prenom }, { metadata, deadlineMs }) {
      const { gestionnaireId } = await clients.get({ id: clientId }, { deadlineMs });
      if (!gestionnaireId) return { skipped: 'le client n’a pas de gestionnaire' };
      const { id } = await notifications.createNotification(
        {
          organisationId,
          utilisateurId: gestionnaireId,
          type: 'client.created',
          titre: 'Nouveau client',
          message: `${[prenom, nom].filter(Boolean).join(' ')} vous est confié.`,
          reference: clientId,
        },
        { metadata, deadlineMs },
      );
      return { done: id };
    },
  }) satisfies Partial<Handlers>;
