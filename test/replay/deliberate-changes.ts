import type { Case } from './history-files.ts';
import type { Change, Edit } from './changed-workflows.ts';

/** A kind of change: how it breaks running workflows, and how to do it safely. */
export type Kind = {
  kind: string;
  workflow: string;
  breaks: Edit[];
  /** The first differing event of a case, and what the message says about it. */
  seen: Partial<Record<Case, RegExp>>;
  safe: Edit[];
};

const followUp = (from: string, to: string): Edit => ({ file: 'first-follow-up.ts', from, to });
const retry = (from: string, to: string): Edit => ({ file: 'payment-retry.ts', from, to });
const retryState = (from: string, to: string): Edit => ({ file: 'retry-state.ts', from, to });
const reminder = (from: string, to: string): Edit => ({ file: 'invoice-reminder.ts', from, to });

const EMAIL = `      email: { activity: 'sendWelcomeEmail' },\n`;
const NOTIFICATIONS = `      notifications: { activity: 'notifyAccountManager' },\n`;
const DOCUMENTS = `      documents: { activity: 'openClientFile' },\n`;
const SLEEPS = `await sleepUntil(input.datePrevue, \`tâche de premier suivi, \${datePrevue}\`);`;
const SAYS = `inbox.isAt(\`Tâche de premier suivi du client \${input.clientId}, prévue \${datePrevue}\`);`;
const CREATES = `const task = await step(() => activities.createFollowUpTask({ ...input, client }));`;
const ENDS = `await step(() => activities.endFollowUp({ ...input, motif: cutMotif(motif) }));`;
const PAUSE = `  pause: 'mise en pause',\n`;
const CHECKED_EVERY = `const CHECKED_EVERY_MS = 24 * 3600 * 1000;`;
const NEXT_STEP = `nextStep({ state, told, isNudged }: Retries, nowMs: number): Step {`;
const REJECTED_HANDLER = `setHandler(paymentRejectedSignal, () => void learn('changed'));`;

/** Changes that one may be tempted to make to running workflows. */
export const KINDS: Kind[] = [
  {
    kind: 'reorderedHandlers',
    workflow: 'clientCreated',
    breaks: [{ file: 'events.ts', from: EMAIL + NOTIFICATIONS, to: NOTIFICATIONS + EMAIL }],
    seen: { 'clientCreated/all-done': /MarkerRecorded: / },
    // what the table says, said at length
    safe: [
      {
        file: 'events.ts',
        from: `{ activity: 'sendWelcomeEmail' }`,
        to: `{ activity: 'sendWelcomeEmail', retry: { soonMinutes: 15, lateHours: 72 } }`,
      },
    ],
  },
  {
    kind: 'addedHandler',
    workflow: 'clientCreated',
    breaks: [{ file: 'events.ts', from: EMAIL, to: EMAIL + DOCUMENTS }],
    seen: { 'clientCreated/all-done': /MarkerRecorded: / },
    safe: [{ file: 'events.ts', from: EMAIL, to: EMAIL + DOCUMENTS.replace(' }', `, since: 'filed' }`) }],
  },
  {
    kind: 'removedTimer',
    workflow: 'firstFollowUp',
    breaks: [followUp(SLEEPS, '')],
    seen: {
      'firstFollowUp/waiting': /at event 6, TimerStarted: /,
      'firstFollowUp/task-done': /at event 6, TimerStarted: /,
    },
    safe: [followUp(SLEEPS, `if (!patched('no-sleep')) ${SLEEPS}`)],
  },
  {
    kind: 'changedDelay',
    workflow: 'paymentRetry',
    breaks: [retryState(CHECKED_EVERY, CHECKED_EVERY.replace('24', '12'))],
    seen: { 'paymentRetry/with-the-bank': /TimerStarted: a timer of 43200000 ms where it had 86400000 ms/ },
    // what is decided is pure: the run says which way it goes
    safe: [
      retry(
        'nextStep(retries, Date.now())',
        `nextStep(retries, Date.now(), patched('checked-twice-a-day') ? 12 : 24)`,
      ),
      retryState(NEXT_STEP, NEXT_STEP.replace('nowMs: number', 'nowMs: number, hours: number')),
      retryState('nextCheck(silenceAt, nowMs) }', 'nextCheck(silenceAt, nowMs, hours) }'),
      retryState('undefined, nowMs: number): string', 'undefined, nowMs: number, hours: number): string'),
      retryState('nowMs + CHECKED_EVERY_MS', 'nowMs + hours * 3600 * 1000'),
    ],
  },
  {
    kind: 'newActivity',
    workflow: 'firstFollowUp',
    breaks: [followUp(CREATES, `await activities.readClient(input);\n${CREATES}`)],
    seen: { 'firstFollowUp/task-done': /ActivityTaskScheduled: / },
    safe: [followUp(CREATES, `if (patched('reads-again')) await activities.readClient(input);\n${CREATES}`)],
  },
  {
    kind: 'renamedSignal',
    workflow: 'paymentRetry',
    breaks: [retry(`defineSignal('paymentRejected')`, `defineSignal('paiementRejete')`)],
    seen: {
      'paymentRetry/waiting': /WorkflowExecutionSignaled: no handler takes the signal paymentRejected/,
    },
    safe: [
      retry(
        REJECTED_HANDLER,
        `${REJECTED_HANDLER}\nsetHandler(defineSignal('paiementRejete'), () => void learn('changed'));`,
      ),
    ],
  },
  {
    kind: 'renamedActivity',
    workflow: 'firstFollowUp',
    breaks: [followUp(ENDS, ENDS.replace('activities.endFollowUp', `(doing('') as any).closeFollowUp`))],
    seen: { 'firstFollowUp/task-done': /ActivityTaskScheduled: / },
    safe: [
      followUp(
        ENDS,
        ENDS.replace(
          'activities.endFollowUp',
          `(doing('') as any)[patched('closed') ? 'closeFollowUp' : 'endFollowUp']`,
        ),
      ),
    ],
  },
  {
    kind: 'changedPayload',
    workflow: 'firstFollowUp',
    breaks: [followUp(CREATES, CREATES.replace('{ ...input, client }', '{ suivi: input, client } as any'))],
    seen: { 'firstFollowUp/task-done': /ActivityTaskScheduled: createFollowUpTask: 0\.suiviId is missing/ },
    safe: [
      followUp(
        CREATES,
        CREATES.replace(
          '{ ...input, client }',
          `{ ...input, client, ...(patched('urgent') && { urgent: true }) }`,
        ),
      ),
    ],
  },
  {
    kind: 'removedWorkflowType',
    workflow: 'purgeExpired',
    breaks: [{ file: 'index.ts', from: `export { purgeExpired } from './purge-expired.ts';\n`, to: '' }],
    seen: {
      'purgeExpired/by-schedule': /at event 1, WorkflowExecutionStarted: .*no such function is exported/,
    },
    // another name for what is written, the same for what runs
    safe: [
      {
        file: 'index.ts',
        from: `export { purgeExpired } from`,
        to: `export { purgeOld as purgeExpired, purgeOld } from`,
      },
      { file: 'purge-expired.ts', from: 'function purgeExpired()', to: 'function purgeOld()' },
    ],
  },
  {
    kind: 'changedOrderOfAwaits',
    workflow: 'firstFollowUp',
    breaks: [followUp(SLEEPS, ''), followUp(CREATES, `${CREATES}\n${SLEEPS}`)],
    seen: { 'firstFollowUp/task-done': /at event 6, TimerStarted: / },
    // what is not awaited and gives no command may go anywhere
    safe: [
      followUp(
        `  ${SAYS}\n  ${SLEEPS}`,
        `  ${SLEEPS.replace('await ', 'const asleep = ')}\n  ${SAYS}\n  await asleep;`,
      ),
    ],
  },
  {
    kind: 'removedCondition',
    workflow: 'clientCreated',
    breaks: [
      {
        file: 'operators-inbox.ts',
        from: `!(await condition(() => heard() !== undefined, OPEN_MS))`,
        to: `!heard()`,
      },
    ],
    seen: { 'clientCreated/failed-open': /TimerStarted: / },
    safe: [
      {
        file: 'operators-inbox.ts',
        from: `condition(() => heard() !== undefined, OPEN_MS)`,
        to: `condition(() => Boolean(heard()), OPEN_MS)`,
      },
    ],
  },
  {
    kind: 'removedUpdate',
    workflow: 'invoiceReminder',
    breaks: [reminder(PAUSE, '')],
    seen: { 'invoiceReminder/paused': /WorkflowExecutionUpdateAccepted: / },
    safe: [reminder(PAUSE, PAUSE + PAUSE.replace('pause', 'hold'))],
  },
  {
    kind: 'changedSearchAttribute',
    workflow: 'clientCreated',
    breaks: [
      {
        file: 'operators-inbox.ts',
        from: `value: [...this.failed.keys()]`,
        to: `value: ['failed']`,
      },
    ],
    seen: { 'clientCreated/failed-open': /UpsertWorkflowSearchAttributes: search attributes / },
    // details are for people: no history has them
    safe: [{ file: 'operators-inbox.ts', from: '**En échec**', to: '**Échoué**' }],
  },
  {
    kind: 'changedResult',
    workflow: 'paymentRetry',
    breaks: [
      retry(
        'return `Paiement ${input.paymentId} encaissé',
        'return `Le paiement ${input.paymentId} encaissé',
      ),
    ],
    seen: { 'paymentRetry/collected': /WorkflowExecutionCompleted: the result: / },
    safe: [
      retry('${presentation(state)} ${payment} à la banque', 'Essai ${state.numero} ${payment} à la banque'),
    ],
  },
];

export const breakOf = ({ kind, workflow, breaks }: Kind): Change => ({
  name: kind,
  workflow,
  edits: breaks,
});
export const safeOf = ({ kind, workflow, safe }: Kind): Change => ({
  name: `${kind}Safely`,
  workflow,
  edits: safe,
});
