import type { HistoryJson } from '@crm/tools/replay/history-json';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { parseArgs } from 'node:util';
import { startOwnStack } from '../support/stack.ts';
import { hasHistory, writeHistory, type Case } from './history-files.ts';
import { scrubHistory } from './scrub-history.ts';
import { prepareStage, type Keep } from './stage.ts';
import { STORIES } from './stories.ts';
import { SKIPPING_STORIES } from './stories/on-skipping-clock.ts';

const USAGE = `Plays the stories that have no history yet, on a platform of its own or on a skipping clock, and writes
their histories, scrubbed, into test/replay/histories.

  npm run histories                      what is missing
  npm run histories -- <case> …          the stories of these cases, such as firstFollowUp/waiting
  npm run histories -- --replace …       also where there is a history

A committed history is how a run looks that an older version began: replacing it gives up the proof that such runs
still replay. Where a path has changed, a case of another name beside it is the better choice.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { replace: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const known: string[] = [...STORIES, ...SKIPPING_STORIES].flatMap(({ cases }) => cases);
const unknown = positionals.filter((name) => !known.includes(name));
if (values.help || unknown.length) {
  const say = unknown.length ? `No story has ${unknown.join(', ')}; there are ${known.join(', ')}.\n\n` : '';
  console.error(`${say}${USAGE}`);
  process.exit(values.help ? 0 : 2);
}

const wanted = (name: Case) =>
  (positionals.length === 0 || positionals.includes(name)) && (values.replace || !hasHistory(name));
const isWanted = ({ cases }: { cases: Case[] }) => cases.some(wanted);
const [stories, skipping] = [STORIES.filter(isWanted), SKIPPING_STORIES.filter(isWanted)];
for (const { play } of skipping)
  await play(async (name, run) => write(name, await run.handle.fetchHistory()));
if (stories.length) await onPlatform();
if (stories.length + skipping.length === 0) console.log('Every case has its history.');

function write(name: Case, history: Parameters<typeof historyToJSON>[0]): void {
  if (!wanted(name)) return;
  const json = JSON.parse(historyToJSON(history)) as HistoryJson;
  writeHistory(name, scrubHistory(json));
  console.log(`${name}: ${json.events.length} events`);
}

async function onPlatform(): Promise<void> {
  const stack = await startOwnStack();
  try {
    const stage = await prepareStage(stack);
    const keep: Keep = async (name, workflowId) => {
      if (wanted(name)) write(name, await stage.temporal.workflow.getHandle(workflowId).fetchHistory());
    };
    for (const { play } of stories) await play(stage, keep);
  } finally {
    await stack.stop();
  }
}
