import { clientName, contactName } from '@crm/domain';
import { orUndefined } from '@crm/kit';
import { StatutSuivi } from '@crm/proto/relance/relance';
import { StatutTache } from '@crm/proto/activites/activites';
import type {
  ClientRead,
  Ended,
  FirstFollowUpActivities,
  FirstFollowUpInput,
} from '@crm/workflows/first-follow-up';
import { suiviWorkflowId } from '@crm/workflows/ids';
import type { Services } from '../clients.ts';

/** The longest title of a task, in code points, as the contract counts. */
const LONGEST_TITLE = 200;

/** The title of the task for a client, cut if it is too long. */
export function taskTitle(client: Omit<ClientRead, 'gestionnaireId'>): string {
  const contact = contactName(client);
  const whom = contact ? `${contact} (${clientName(client)})` : clientName(client);
  const titre = [...`Prendre contact avec ${whom}`];
  if (titre.length <= LONGEST_TITLE) return titre.join('');
  return `${titre.slice(0, LONGEST_TITLE - 1).join('')}…`;
}

const REMINDED: Ended = { ended: 'gestionnaire rappelé' };

/**
 * The activities of the first follow-up. The row says how far it is, whatever the run remembers. Idempotency keys make
 * a repeat harmless only if the request is the same, so requests are built from the input and from the client as it was
 * read once.
 */
export function firstFollowUpActivities(services: Services): FirstFollowUpActivities {
  const { clients, taches, suivis, notifications } = services;
  const key = ({ clientId }: FirstFollowUpInput, step: string) => ({
    metadata: { 'idempotency-key': `${suiviWorkflowId(clientId)}/${step}` },
  });
  const readClient = async ({ clientId }: FirstFollowUpInput): Promise<ClientRead | Ended> => {
    const client = await orUndefined(clients.get({ id: clientId }));
    if (!client) return { ended: 'le client n’existe plus' };
    const { gestionnaireId, prenom, nom, raisonSociale } = client;
    return { gestionnaireId, prenom, nom, ...(raisonSociale && { raisonSociale }) };
  };
  return {
    readClient,
    async createFollowUpTask(input) {
      const { statut, tacheId: known, motif } = await suivis.get({ id: input.suiviId });
      if (statut === StatutSuivi.TERMINE) return { ended: motif };
      if (known) return { tacheId: known };
      const client = input.client ?? (await readClient(input));
      if ('ended' in client) return client;
      const { id: tacheId } = await taches.create({
        organisationId: input.organisationId,
        clientId: input.clientId,
        assigneA: client.gestionnaireId,
        titre: taskTitle(client),
        description: 'Premier suivi après la création du client.',
        echeance: new Date(input.dateRappel),
        // not a key, which expires: a refused step may wait for an operator for months
        origine: `${suiviWorkflowId(input.clientId)}/tache`,
      });
      await suivis.avancer({ id: input.suiviId, statut: StatutSuivi.TACHE_CREEE, tacheId });
      return { tacheId };
    },
    async remindOfFollowUpTask(input) {
      const { statut } = await suivis.get({ id: input.suiviId });
      if (statut === StatutSuivi.RAPPELE || statut === StatutSuivi.TERMINE) return REMINDED;
      const tache = await taches.get({ id: input.tacheId });
      if (tache.statut === StatutTache.TERMINEE) return { ended: 'tâche terminée' };
      if (tache.statut === StatutTache.ANNULEE) return { ended: 'tâche annulée' };
      const client = input.client ?? (await readClient(input));
      if ('ended' in client) return client;
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
      return REMINDED;
    },
    async endFollowUp({ suiviId, motif }) {
      await suivis.avancer({ id: suiviId, statut: StatutSuivi.TERMINE, motif });
    },
  };
}
