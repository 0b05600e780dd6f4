import { StatutSuivi } from '@crm/proto/relance/relance';
import { StatutTache } from '@crm/proto/activites/activites';
import type { FirstFollowUpActivities, FirstFollowUpInput } from '@crm/workflows/first-follow-up';
import type { Services } from '../clients.ts';
import { isNotFound } from '../rpc-failure.ts';

/** What the first follow-up asks of the services; the keys make a repeated attempt harmless. */
export function firstFollowUpActivities(services: Services): FirstFollowUpActivities {
  const { clients, taches, suivis, notifications } = services;
  const key = ({ clientId }: FirstFollowUpInput, step: string) => ({
    metadata: { 'idempotency-key': `suivi/${clientId}/${step}` },
  });
  const clientOf = async ({ clientId }: FirstFollowUpInput) =>
    await clients.get({ id: clientId }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  return {
    async createFollowUpTask(input) {
      const client = await clientOf(input);
      if (!client) return { ended: 'le client n’existe plus' };
      const { id: tacheId } = await taches.create(
        {
          organisationId: input.organisationId,
          clientId: input.clientId,
          assigneA: client.gestionnaireId,
          titre: `Prendre contact avec ${[client.prenom, client.nom].filter(Boolean).join(' ')}`,
          description: 'Premier suivi après la création du client.',
          echeance: new Date(input.dateRappel),
        },
        key(input, 'tache'),
      );
      await suivis.avancer({ id: input.suiviId, statut: StatutSuivi.TACHE_CREEE, tacheId });
      return { tacheId };
    },
    async remindOfFollowUpTask(input) {
      const tache = await taches.get({ id: input.tacheId });
      if (tache.statut === StatutTache.TERMINEE) return { ended: 'tâche terminée' };
      if (tache.statut === StatutTache.ANNULEE) return { ended: 'tâche annulée' };
      const client = await clientOf(input);
      if (!client) return { ended: 'le client n’existe plus' };
      const utilisateurId = tache.assigneA || client.gestionnaireId;
      if (!utilisateurId) return { ended: 'tâche ouverte, mais personne à qui la rappeler' };
      await notifications.createNotification(
        {
          organisationId: input.organisationId,
          utilisateurId,
          type: 'suivi.rappel',
          titre: 'Une tâche vous attend',
          message: tache.titre,
          reference: tache.id,
        },
        key(input, 'rappel'),
      );
      await suivis.avancer({ id: input.suiviId, statut: StatutSuivi.RAPPELE });
      return { ended: 'gestionnaire rappelé' };
    },
    async endFollowUp({ suiviId, motif }) {
      await suivis.avancer({ id: suiviId, statut: StatutSuivi.TERMINE, motif });
    },
  };
}
