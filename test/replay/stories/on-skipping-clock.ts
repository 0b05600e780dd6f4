import { clientCreatedSignal } from '@crm/workflows/first-follow-up';
import { redrive, skip } from '@crm/workflows/operators-inbox';
import type { Run } from '../../workflows/support/run-workflow.ts';
import { DAY, downUntil, HOUR, MINUTE, refuses } from '../../workflows/support/fakes.ts';
import { runEvent } from '../../workflows/support/run-event.ts';
import { runWorkflow, type Fake } from '../../workflows/support/run-workflow.ts';
import type { Case } from '../history-files.ts';

/** A path that takes days: played on a skipping clock, with fakes instead of services. */
export type SkippingStory = {
  cases: Case[];
  play: (keep: (name: Case, run: Run) => Promise<void>) => Promise<void>;
};

const WORD = { who: 'operateur-1', why: 'le serveur de courriel est de retour' };
const IDS = { clientId: 'client-1', organisationId: 'org-1', correlationId: 'correlation-1' };
const told: Record<string, Fake> = { tellOfStranded: () => 'prévenu' };

/** An event whose mail cannot be sent for so long. */
const lateMail = (ms: number, look: (run: Run) => Promise<void>) =>
  runEvent(
    'client.created',
    { clientId: 'client-1', organisationId: 'org-1' },
    { email: downUntil(ms) },
    look,
  );

const followUp = (fakes: Record<string, Fake>, look: (run: Run) => Promise<void>) =>
  runWorkflow(
    {
      ...{ workflowType: 'firstFollowUp', workflowId: 'suivi/client-1', signal: clientCreatedSignal.name },
      input: (at) => ({
        ...{ suiviId: 'suivi-1', ...IDS },
        datePrevue: new Date(at.getTime() - DAY).toISOString(),
        dateRappel: new Date(at.getTime() - HOUR).toISOString(),
      }),
      activities: {
        readClient: () => ({ gestionnaireId: '', prenom: '', nom: '' }),
        createFollowUpTask: () => ({ tacheId: 'tache-1' }),
        remindOfFollowUpTask: () => ({ ended: 'gestionnaire rappelé' }),
        endFollowUp: () => undefined,
        ...told,
        ...fakes,
      },
    },
    look,
  );

export const SKIPPING_STORIES: SkippingStory[] = [
  {
    // of before late handlers could be hurried: the word was not heard
    cases: ['clientCreated/late', 'clientCreated/late-and-done'],
    play: (keep) =>
      lateMail(50 * MINUTE, async (run) => {
        await run.passes('21 minutes');
        await keep('clientCreated/late', run);
        await run.handle.signal(redrive, WORD);
        await run.result();
        await keep('clientCreated/late-and-done', run);
      }),
  },
  {
    cases: ['clientCreated/hurriable', 'clientCreated/hurried-in-vain', 'clientCreated/hurried'],
    play: (keep) =>
      lateMail(33 * MINUTE, async (run) => {
        await run.passes('21 minutes');
        await keep('clientCreated/hurriable', run);
        await run.handle.signal(redrive, WORD);
        await run.passes('1 minute');
        await keep('clientCreated/hurried-in-vain', run);
        await run.passes('12 minutes');
        await run.handle.signal(redrive, WORD);
        await run.until('the end', async () => (await run.status()) === 'COMPLETED');
        await keep('clientCreated/hurried', run);
      }),
  },
  {
    cases: ['clientCreated/late-skipped'],
    play: (keep) =>
      lateMail(DAY, async (run) => {
        await run.passes('21 minutes');
        await run.handle.signal(skip, WORD);
        await run.until('the end', async () => (await run.status()) === 'COMPLETED');
        await keep('clientCreated/late-skipped', run);
      }),
  },
  {
    // of before follow-ups waited for ever
    cases: ['firstFollowUp/failed-in-silence'],
    play: (keep) =>
      followUp({ createFollowUpTask: refuses('refusé') }, async (run) => {
        await run.result().catch(() => {});
        await keep('firstFollowUp/failed-in-silence', run);
      }),
  },
  {
    cases: ['firstFollowUp/stranded', 'firstFollowUp/stranded-and-redriven'],
    play: (keep) =>
      followUp({ createFollowUpTask: refuses('refusé', 1, () => ({ tacheId: 'tache-1' })) }, async (run) => {
        await run.passes('29 days');
        await keep('firstFollowUp/stranded', run);
        await run.handle.signal(redrive, WORD);
        await run.result();
        await keep('firstFollowUp/stranded-and-redriven', run);
      }),
  },
  {
    cases: ['invoiceReminder/stranded', 'invoiceReminder/stranded-and-skipped'],
    play: (keep) =>
      runWorkflow(
        {
          ...{ workflowType: 'invoiceReminder', workflowId: 'relance/facture-1', signal: 'invoiceCreated' },
          input: () => ({ invoiceId: 'facture-1', numero: 'F-2026-0001', ...IDS }),
          activities: {
            openReminder: refuses('refusé'),
            ...told,
          },
        },
        async (run) => {
          await run.passes('15 days');
          await keep('invoiceReminder/stranded', run);
          await run.handle.signal(skip, WORD);
          await run.result();
          await keep('invoiceReminder/stranded-and-skipped', run);
        },
      ),
  },
  {
    cases: ['paymentRetry/stranded', 'paymentRetry/stranded-and-skipped'],
    play: (keep) =>
      runWorkflow(
        {
          ...{ workflowType: 'paymentRetry', workflowId: 'retry/paiement-1', signal: 'paymentRejected' },
          input: () => ({ scheduleId: 'retry-1', paymentId: 'paiement-1', invoiceId: '', ...IDS }),
          activities: { readRetry: refuses('refusé'), abandonRetry: () => undefined, ...told },
        },
        async (run) => {
          await run.passes('15 days');
          await keep('paymentRetry/stranded', run);
          await run.handle.signal(skip, WORD);
          await run.result();
          await keep('paymentRetry/stranded-and-skipped', run);
        },
      ),
  },
];
