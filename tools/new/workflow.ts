import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as workflows from '@crm/workflows';
import { addImport, addTo, objectAt } from './add-to.ts';
import type { Draft } from './draft.ts';
import { addReplayStories } from './replay-stories.ts';
import { addSearchAttribute } from './search-attribute.ts';
import { camel, isReserved, kebab, pascal } from './words.ts';

export type WorkflowOptions = { of?: string };

/** `quote-reminder`: its file, its type, and what a run is about. */
const namesOf = (name: string, { of }: WorkflowOptions) => ({
  file: kebab(name),
  type: camel(name),
  pascal: pascal(name),
  subject: camel(of ?? kebab(name).split('-')[0]!),
});

/** Why a workflow with this name cannot be created. */
export function workflowFaults(draft: Draft, name: string, options: WorkflowOptions): string[] {
  const faults: string[] = [];
  const { file, type, subject } = namesOf(name, options);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name) || name.length > 50)
    faults.push(
      `${name}: the name of a workflow has two words or more with hyphens, such as "quote-reminder"`,
    );
  if (!/^[a-z][A-Za-z0-9]{1,30}$/.test(subject))
    faults.push(`--of ${options.of}: what a run is about, in small letters, such as "quote"`);
  if (isReserved(type)) faults.push(`${type} is a word of JavaScript`);
  const files = ['workflows', 'workers/follow-ups', 'test/replay/stories', 'test/workflows'].flatMap(
    (folder) => readdirSync(join(draft.root, folder)).map((found) => found.replace(/(\.test)?\.ts$/, '')),
  );
  if (type in workflows || files.includes(file) || files.includes(`start-${file}`))
    faults.push(
      `${name} is taken: by a workflow, or a file of workflows/, workers/follow-ups/ or of their tests`,
    );
  return faults;
}

/**
 * Writes a workflow that sleeps until a day, does one thing and ends, everywhere workflows are listed.
 * @returns the cases to record
 */
export function writeWorkflow(draft: Draft, name: string, options: WorkflowOptions): string[] {
  const names = namesOf(name, options);
  const { file, type, subject } = names;
  draft.create(`workflows/${file}.ts`, workflowOf(names));
  draft.insertAfter(
    'workflows/index.ts',
    /^export \{ \w+ \} from/,
    `export { ${type} } from './${file}.ts';`,
  );
  draft.change('workflows/ids.ts', (text) => text + idOf(names));
  addSearchAttribute(draft, `${subject}Id`);
  draft.create(`workers/follow-ups/${file}.ts`, activitiesOf(names));
  draft.create(`workers/follow-ups/start-${file}.ts`, startOf(names));
  // the stories start it from outside of the package
  draft.change('workers/package.json', (text) => withExport(text, `./follow-ups/start-${file}`));
  const workers = 'workers/run-temporal.ts';
  draft.change(workers, (text) => addImport(text, `${type}Activities`, `./follow-ups/${file}.ts`));
  draft.change(workers, (text) =>
    addTo(
      text,
      `the activities of follow-ups in ${workers}`,
      objectAt('follow-ups', 'activities'),
      `...withFailures(${type}Activities(services))`,
    ),
  );
  draft.create(`test/workflows/${file}.test.ts`, testOf(names));
  addReplayStories(
    draft,
    type,
    storiesOf(names),
    `import { start${names.pascal} } from '@crm/workers/follow-ups/start-${file}';\n`,
  );
  return [`${type}/waiting`, `${type}/done`];
}

export const workflowNext = (name: string, options: WorkflowOptions): string[] => {
  const { file, pascal: type } = namesOf(name, options);
  return [
    `Write what it does: workflows/${file}.ts decides and sleeps, workers/follow-ups/${file}.ts acts.`,
    `Start it: call start${type} in a handler (npm run new -- handler --help).`,
    'Once runs are open, put changes of the workflow behind `patched`: CONTRIBUTING.md, "Change a workflow that is running".',
    `Try it: npm test -- test/workflows/${file} test/replay/replay.test.ts`,
  ];
};

type Names = ReturnType<typeof namesOf>;

function withExport(text: string, name: string): string {
  const json = JSON.parse(text) as { exports: Record<string, string> };
  const exports = { ...json.exports, [name]: `${name}.ts` };
  const sorted = Object.entries(exports).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return JSON.stringify({ ...json, exports: Object.fromEntries(sorted) }, null, 2);
}

const idOf = ({ file, type, subject }: Names) => `/** The ${file.replaceAll('-', ' ')} of a ${subject}. */
export const ${type}WorkflowId = (${subject}Id: string): string => \`${file}/\${${subject}Id}\`;
`;

const workflowOf = ({
  file,
  type,
  pascal: Type,
  subject,
}: Names) => `import { proxyActivities, sleep } from '@temporalio/workflow';
import { OperatorsInbox } from './operators-inbox.ts';
import { summary } from './summary.ts';

/** The input of a run: ids, and an instant that its starter has computed. */
export type ${Type}Input = {
  ${subject}Id: string;
  organisationId: string;
  correlationId: string;
  /** When it acts; ISO 8601, UTC. */
  datePrevue: string;
};

/** Its activities. Each reads the current state before it acts, and may be repeated. */
export type ${Type}Activities = {
  /** Creates a task, once for each run. Returns its id. */
  create${Type}Task(input: ${Type}Input): Promise<{ tacheId: string }>;
};

const { create${Type}Task } = proxyActivities<${Type}Activities>({
  startToCloseTimeout: '30 seconds',
  // a service may be down for a weekend: a follow-up is late then, never lost
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
  summary: summary('crée la tâche'),
});

/** Its name among failed handlers. */
const HANDLER = '${file}';

/**
 * The ${file.replaceAll('-', ' ')} of a ${subject}, \`${file}/<${subject}Id>\`: sleeps until its instant, then creates a
 * task. A step that is refused keeps the run open and waits for \`redrive\` or \`skip\`, for ever; \`skip\` ends the run.
 * @returns how it ended, for operators
 */
export async function ${type}(input: ${Type}Input): Promise<string> {
  const { organisationId, correlationId, ${subject}Id } = input;
  const quoi = \`${file} \${${subject}Id}\`;
  const about = { organisationId, correlationId, clientId: ${subject === 'client' ? 'clientId' : "''"}, reference: ${subject}Id, quoi };
  const inbox = new OperatorsInbox('${type}', about);
  inbox.isAt(\`Tâche prévue le \${input.datePrevue}\`);
  const ms = Date.parse(input.datePrevue) - Date.now();
  if (ms > 0) await sleep(ms, { summary: \`tâche, le \${input.datePrevue}\` });
  const settled = await inbox.settle(HANDLER, () => create${Type}Task(input));
  if (settled === 'failed') throw inbox.failure()!;
  return 'answer' in settled ? \`tâche \${settled.answer.tacheId} créée\` : settled.skipped;
}
`;

const activitiesOf = ({
  file,
  type,
  pascal: Type,
  subject,
}: Names) => `import { ${type}WorkflowId } from '@crm/workflows/ids';
import type { ${Type}Activities } from '@crm/workflows/${file}';
import type { Services } from '../clients.ts';

/** The activities of the ${file.replaceAll('-', ' ')}. A task with the same \`origine\` is not created again, however late. */
export const ${type}Activities = ({ taches }: Services): ${Type}Activities => ({
  async create${Type}Task({ ${subject}Id, organisationId, datePrevue }) {
    const { id: tacheId } = await taches.create({
      ...{ organisationId, titre: \`${file} \${${subject}Id}\`, echeance: new Date(datePrevue) },
      origine: \`\${${type}WorkflowId(${subject}Id)}/tache\`,
    });
    return { tacheId };
  },
});
`;

const startOf = ({
  file,
  type,
  pascal: Type,
  subject,
}: Names) => `import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { ${type}WorkflowId } from '@crm/workflows/ids';
import type { ${type}, ${Type}Input } from '@crm/workflows/${file}';
import { searchAttributes } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/**
 * Starts the ${file.replaceAll('-', ' ')} of a ${subject}, or leaves the one that runs, or has ended, as it is.
 * @returns its workflow id
 */
export async function start${Type}(temporal: Client, input: ${Type}Input): Promise<string> {
  const workflowId = ${type}WorkflowId(input.${subject}Id);
  try {
    await temporal.workflow.start<typeof ${type}>('${type}', {
      workflowId,
      taskQueue: FOLLOW_UPS_QUEUE,
      priority: { fairnessKey: input.organisationId },
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      args: [input],
      typedSearchAttributes: searchAttributes('${type}', input),
      staticSummary: \`${file} \${input.${subject}Id}\`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}
`;

const testOf = ({ file, type, pascal: Type, subject }: Names) => `import { jest } from '@jest/globals';
import { redrive } from '@crm/workflows/operators-inbox';
import { DAY, refuses } from './support/fakes.ts';
import { runWorkflow, type Fake, type Run } from './support/run-workflow.ts';

jest.setTimeout(60_000);

const IDS = { ${subject}Id: '${subject}-1', organisationId: 'org-1', correlationId: 'test' };

/** A run that acts seven days after its start. */
const run = (create${Type}Task: Fake, look: (run: Run) => Promise<void>) =>
  runWorkflow(
    {
      workflowType: '${type}',
      workflowId: '${file}/${subject}-1',
      input: (startedAt) => ({ ...IDS, datePrevue: new Date(startedAt.getTime() + 7 * DAY).toISOString() }),
      activities: { create${Type}Task },
    },
    look,
  );

test('the task is created on its day, and no sooner', () =>
  run(
    () => ({ tacheId: 'tache-1' }),
    async (run) => {
      await run.passes(6 * DAY);
      expect(run.attempts).toEqual([]);
      expect(await run.result()).toBe('tâche tache-1 créée');
      expect(run.attempts).toHaveLength(1);
    },
  ));

test('a task that is refused waits for an operator, who has it created again', () =>
  run(refuses('client', 1, () => ({ tacheId: 'tache-1' })), async (run) => {
    await run.passes(8 * DAY);
    expect(await run.failed()).toEqual(['${file}']);
    await run.handle.signal(redrive, { who: 'operateur', why: 'le client existe' });
    expect(await run.result()).toBe('tâche tache-1 créée');
  }));
`;

const storiesOf = ({ type, pascal: Type, subject }: Names) => `
  {
    cases: ['${type}/waiting', '${type}/done'],
    async play({ temporal, completed, sleeps }, keep) {
      const workflowId = await start${Type}(temporal, {
        ...{ ${subject}Id: randomUUID(), organisationId: unique('org'), correlationId: randomUUID() },
        datePrevue: new Date(Date.now() + 4_000).toISOString(),
      });
      await sleeps(workflowId, 1);
      await keep('${type}/waiting', workflowId);
      await completed(workflowId);
      await keep('${type}/done', workflowId);
    },
  },
`;
