import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { Suivi } from '@crm/proto/relance/relance';
import { clientCreatedSignal, type firstFollowUp } from '@crm/workflows/first-follow-up';
import { suiviWorkflowId } from '@crm/workflows/ids';
import { searchAttributes } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { inWords } from '../in-words.ts';

/**
 * Starts the follow-up of a client. One that is running or has ended is left as it is.
 * @returns its workflow id
 */
export async function startFirstFollowUp(
  temporal: Client,
  suivi: Suivi,
  event: { correlationId: string },
): Promise<string> {
  const { id: suiviId, clientId, organisationId } = suivi;
  const { correlationId } = event;
  const datePrevue = suivi.datePrevue!.toISOString();
  const dateRappel = suivi.dateRappel!.toISOString();
  const enMots = { datePrevue: inWords(suivi.datePrevue!), dateRappel: inWords(suivi.dateRappel!) };
  const workflowId = suiviWorkflowId(clientId);
  try {
    await temporal.workflow.signalWithStart<typeof firstFollowUp>('firstFollowUp', {
      workflowId,
      taskQueue: FOLLOW_UPS_QUEUE,
      priority: { fairnessKey: organisationId },
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [{ suiviId, clientId, organisationId, correlationId, datePrevue, dateRappel, enMots }],
      signal: clientCreatedSignal,
      typedSearchAttributes: searchAttributes('client.created', { clientId, organisationId, correlationId }),
      staticSummary: `Premier suivi du client ${clientId}, prévu ${enMots.datePrevue}`,
    });
  } catch (error) {
    // the follow-up of this client has already ended
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}
