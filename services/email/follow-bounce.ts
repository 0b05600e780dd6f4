import type { Db } from '@crm/db';
import { clientName, FORMAL_NOTICE, formatDate } from '@crm/domain';
import { cutText, orUndefined } from '@crm/kit';
import type { Followers } from './follow-reply.ts';

/** The longest title of a task, in characters. */
const TITLE_CHARACTERS = 200;
const DONE_WITHIN_MS = 2 * 24 * 60 * 60_000;

/**
 * Does what follows from a reminder that came back because of its address: it has reached nobody, so the account
 * manager gets the task that the level would have been with that known before, once however often this is called.
 * @throws the errors of clients and activites; the same call again continues
 */
export const followBounce =
  (db: Db, { clients, taches }: Pick<Followers, 'clients' | 'taches'>) =>
  async (id: string): Promise<void> => {
    const mail = await db.email.findFirst({
      where: { id, adresseRefusee: true, clientId: { not: '' }, envoi: { startsWith: 'relance' } },
    });
    if (!mail) return;
    const { organisationId, clientId, modele, sujet, envoi, envoyeAt, erreur, createdAt } = mail;
    const client = await orUndefined(clients.get({ id: clientId }));
    if (!client) return;
    const isLetter = modele === FORMAL_NOTICE;
    const [, invoiceId = ''] = envoi.split('/');
    const titre = isLetter
      ? `Poster la mise en demeure à ${clientName(client)}`
      : `Relancer ${clientName(client)} autrement que par courriel`;
    const instead = isLetter
      ? 'envoyez celui-ci par lettre recommandée avec accusé de réception\u00a0; son PDF\u00a0: ' +
        `factures.InvoiceService/DownloadMiseEnDemeurePdf, id ${invoiceId}`
      : 'appelez-le ou écrivez-lui pour celui-ci';
    await taches.create({
      ...{ organisationId, clientId, assigneA: client.gestionnaireId },
      titre: cutText(titre, TITLE_CHARACTERS),
      description:
        `Le courriel «\u00a0${sujet}\u00a0» du ${formatDate(envoyeAt ?? createdAt)} est revenu, son adresse n’existe pas\u00a0: ` +
        `${erreur}. Corrigez-la dans la fiche du client, pour que les prochains arrivent, et ${instead}. ` +
        'Vérifiez avant que rien n’a été payé depuis.',
      echeance: new Date(Date.now() + DONE_WITHIN_MS),
      // as relance would have named it
      origine: `${envoi}/${isLetter ? 'courrier' : 'sans-adresse'}`,
    });
  };
