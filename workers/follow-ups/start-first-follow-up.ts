import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { Suivi } from '@crm/proto/relance/relance';
import { clientCreatedSignal, type firstFollowUp } from '@crm/workflows/first-follow-up';
import { startOfFirstFollowUp } from '@crm/workflows/follow-up-starts';
import { startOptions } from '@crm/workflows/start-options';
import { inWords } from '../in-words.ts';

/** How to start the follow-up of a row. */
export function startOfSuivi(
  suivi: Pick<Suivi, 'id' | 'clientId' | 'organisationId' | 'datePrevue' | 'dateRappel'>,
  correlationId: string,
) {
  const { id: suiviId, clientId, organisationId } = suivi;
  const at = { datePrevue: suivi.datePrevue!, dateRappel: suivi.dateRappel! };
  return startOfFirstFollowUp({
    ...{ suiviId, clientId, organisationId, correlationId },
    ...{ datePrevue: at.datePrevue.toISOString(), dateRappel: at.dateRappel.toISOString() },
    enMots: { datePrevue: inWords(at.datePrevue), dateRappel: inWords(at.dateRappel) },
  });
}

/**
 * Starts the follow-up of a client. One that is running or has ended is left as it is.
 * @returns its workflow id
 */
export async function startFirstFollowUp(
  temporal: Client,
  suivi: Suivi,
  event: { correlationId: string },
): Promise<string> {
  const start = startOfSuivi(suivi, event.correlationId);
  try {
    await temporal.workflow.signalWithStart<typeof firstFollowUp>(start.workflowType, {
      ...startOptions(start),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      signal: clientCreatedSignal,
    });
  } catch (error) {
    // the follow-up of this client has already ended
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return start.workflowId;
}
