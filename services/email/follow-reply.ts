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

/** The services that are told of an answer. */
export type Followers = {
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  taches: Pick<Connected<typeof TacheServiceService>, 'create'>;
  activites: Pick<Connected<typeof ActiviteServiceService>, 'create'>;
  attentes: Pick<Connected<typeof AttenteRelanceServiceService>, 'create'>;
};

/** Does what follows from a recorded answer. */
export type FollowReply = (id: string) => Promise<void>;

/** The most characters (code points) of a task's title. */
const TITLE_CHARACTERS = 200;
/** The task is due within a day. */
const DUE_MS = 86_400_000;

/**
 * Does what follows from a person's answer: creates a task for the account manager, holds back the client's
 * reminders until it is done, and records an activity with the text. Each happens once for the answer,
 * however often this is called; with the current caller's own token. A client of another system has no
 * activities, so the text goes into the task. An answer to an e-mail without a client only creates a task.
 * @throws the errors of clients, activites and relance; the same call again continues
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
