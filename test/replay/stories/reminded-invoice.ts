import type { CreateClientRequest } from '@crm/proto/clients/clients';
import type { CreateRegleRelanceRequest } from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { unique } from '../../support/unique.ts';
import { ALWAYS, type Stage } from '../stage.ts';

type More = { client?: Partial<CreateClientRequest>; level?: Partial<CreateRegleRelanceRequest> };

/** An invoice of an organisation with a level for each delay, and its reminder, which waits for the first of them. */
export async function remindedInvoice(stage: Stage, delays: string[], { client, level }: More = {}) {
  const whose = await stage.createClient(client);
  for (const [index, delai] of delays.entries()) {
    await stage.addLevel(whose.organisationId, index + 1, delai, { ...ALWAYS, ...level });
  }
  const invoice = await stage.issueInvoice(whose);
  const workflowId = relanceWorkflowId(invoice.id);
  await stage.sleeps(workflowId, 1);
  return { ...whose, id: invoice.id, workflowId };
}

/** A reminder whose mail is refused: the invoice is not there any more. `comesBack` undoes that. */
export async function refusedReminder(stage: Stage) {
  const { id, workflowId } = await remindedInvoice(stage, ['PT5S']);
  const gone = unique('facture');
  await stage.rename('factures.factures', id, gone);
  await stage.failed(workflowId, 'relance');
  return { workflowId, comesBack: () => stage.rename('factures.factures', gone, id) };
}
