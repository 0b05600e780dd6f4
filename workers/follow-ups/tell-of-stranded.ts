import { clientName, formatInstant, NBSP } from '@crm/domain';
import { cutText, orUndefined } from '@crm/kit';
import { Context } from '@temporalio/activity';
import type { StrandedActivities } from '@crm/workflows/stranded';
import type { Services } from '../clients.ts';
import { financeOf } from '../finance-of.ts';

/** The most characters of a failure's reason: of some it is a page. */
const LONGEST_REASON = 500;

/**
 * Tells finance of follow-ups that wait for an operator, and what the operator can do.
 * @param workflowIdOf the workflow whose activity this is
 */
export const strandedActivities = (
  services: Pick<Services, 'clients' | 'notifications' | 'organisations'>,
  workflowIdOf = () => Context.current().info.workflowExecution!.workflowId,
): StrandedActivities => ({
  async tellOfStranded({ organisationId, clientId, reference, quoi, ...failed }) {
    const { handler, raison, depuis, fois } = failed;
    const utilisateurIds = await financeOf(services, organisationId);
    if (utilisateurIds.length === 0) return 'l’organisation n’a pas de destinataire finance';
    const client = clientId ? await orUndefined(services.clients.get({ id: clientId })) : undefined;
    const whose = client ? clientName(client) : clientId;
    const workflowId = workflowIdOf();
    const said = {
      ...{ organisationId, utilisateurIds, type: 'suivi.bloque', reference },
      titre: 'Un suivi attend une décision',
      message: [
        `Bloqué depuis le ${formatInstant(new Date(depuis))}${NBSP}: ${quoi}${whose && ` (client ${whose})`}.`,
        `Motif${NBSP}: ${cutText(raison, LONGEST_REASON)}.`,
        `Rien ne se fait tant que personne ne décide. Une fois la cause réparée, l’exploitation réessaie par «${NBSP}ops failed redrive --workflow ${workflowId}${NBSP}», ou y renonce par «${NBSP}ops failed skip${NBSP}».`,
      ].join(' '),
    };
    const metadata = { 'idempotency-key': `${workflowId}/bloque/${handler}/${depuis}/${fois}` };
    const told = await services.notifications.createNotifications(said, { metadata });
    return told.notifications.map(({ id }) => id).join(' ');
  },
});
