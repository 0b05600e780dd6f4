import type { Db } from '@crm/db';
import { clientName, formatDate } from '@crm/domain';
import { orUndefined, type Connected } from '@crm/kit';
import {
  TypeActivite,
  type ActiviteServiceService,
  type TacheServiceService,
} from '@crm/proto/activites/activites';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { GenreAttente, type AttenteRelanceServiceService } from '@crm/proto/relance/attentes';

/** Whom an answer is told. */
export type Followers = {
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  taches: Pick<Connected<typeof TacheServiceService>, 'create'>;
  activites: Pick<Connected<typeof ActiviteServiceService>, 'create'>;
  attentes: Pick<Connected<typeof AttenteRelanceServiceService>, 'create'>;
};

/** Has done what follows from a recorded answer. */
export type FollowReply = (id: string) => Promise<void>;

/** Of a task's title, in characters (code points). */
const TITLE_CHARACTERS = 200;
/** An answer is expected within a day. */
const DUE_MS = 86_400_000;

/**
 * What follows from a person's answer: a task for the account manager, the client's reminders held back until it is
 * done, and an activity of the client with what was written. Each is made once for the answer, whoever asks and however
 * often; with the current caller's own token. Of a client whom clients does not know, another system's, there are no
 * activities: what was written is in the task. An e-mail to no client makes a task only.
 * @throws what clients, activites and relance throw; the same call again goes on
 */
export const followReply =
  (db: Db, { clients, taches, activites, attentes }: Followers): FollowReply =>
  async (id) => {
    const reply = await db.reponse.findFirst({ where: { id, suivie: false } });
    if (!reply) return;
    const { organisationId, clientId, sujet, texte, de, recueAt } = reply;
    const { sujet: answered } = await db.email.findUniqueOrThrow({ where: { id: reply.emailId } });
    const client = clientId ? await orUndefined(clients.get({ id: clientId })) : undefined;
    const origine = `reponse/${id}`;
    const jour = formatDate(recueAt);
    const titre = [...`Répondre à ${client ? clientName(client) : de || clientId || 'un inconnu'}`];
    const { id: tacheId } = await taches.create({
      organisationId,
      clientId: client ? clientId : '',
      assigneA: client?.gestionnaireId ?? '',
      titre: titre.slice(0, TITLE_CHARACTERS).join(''),
      description: [
        `Réponse du ${jour} à « ${answered} »${sujet && `, objet: « ${sujet} »`}.`,
        ...(client
          ? ['Le texte est dans les activités du client. Ses relances attendent la fin de cette tâche.']
          : [texte]),
      ].join('\n'),
      echeance: new Date(recueAt.getTime() + DUE_MS),
      origine,
    });
    if (clientId) {
      const motif = `réponse reçue le ${jour}`;
      const genre = GenreAttente.REPONSE;
      await attentes.create({ organisationId, clientId, genre, motif, tacheId, origine });
    }
    if (client) {
      await activites.create({
        ...{ organisationId, clientId, type: TypeActivite.EMAIL, dateActivite: recueAt, origine },
        resume: [`Réponse reçue${de && ` de ${de}`}`, ...(sujet ? [`Objet: ${sujet}`] : []), '', texte].join(
          '\n',
        ),
      });
    }
    await db.reponse.updateMany({ where: { id }, data: { suivie: true, tacheId } });
  };
