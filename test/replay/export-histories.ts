import type { HistoryJson } from '@crm/tools/replay/history-json';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { parseArgs } from 'node:util';
import { startOwnStack } from '../support/stack.ts';
import { hasHistory, writeHistory } from './history-files.ts';
import { scrubHistory } from './scrub-history.ts';
import { prepareStage, type Keep } from './stage.ts';
import { STORIES } from './stories.ts';

const USAGE = `Plays the stories that have no history yet on a platform of its own, and writes their histories,
scrubbed, into test/replay/histories.

  npm run histories                      what is missing
  npm run histories -- <case> …          the stories of these cases, such as firstFollowUp/waiting
  npm run histories -- --replace …       also where there is a history

A committed history is how a run looks that an older version began: replacing it gives up the proof that such runs
still replay. Where a path has changed, a case of another name beside it is the better choice.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { replace: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const known: string[] = STORIES.flatMap(({ cases }) => cases);
const unknown = positionals.filter((name) => !known.includes(name));
if (values.help || unknown.length) {
  const say = unknown.length ? `No story has ${unknown.join(', ')}; there are ${known.join(', ')}.\n\n` : '';
  console.error(`${say}${USAGE}`);
  process.exit(values.help ? 0 : 2);
}

const wanted = (name: (typeof STORIES)[number]['cases'][number]) =>
  (positionals.length === 0 || positionals.includes(name)) && (values.replace || !hasHistory(name));
const stories = STORIES.filter(({ cases }) => cases.some(wanted));
if (stories.length) await play();
else console.log('Every case has its history.');

async function play(): Promise<void> {
  const stack = await startOwnStack();
  try {
    const stage = await prepareStage(stack);
    const keep: Keep = async (name, workflowId) => {
      if (!wanted(name)) return;
      const history = await stage.temporal.workflow.getHandle(workflowId).fetchHistory();
      const json = JSON.parse(historyToJSON(history)) as HistoryJson;
      writeHistory(name, scrubHistory(json));
      console.log(`${name}: ${json.events.length} events`);
    };
    for (const { play } of stories) await play(stage, keep);
  } finally {
    await stack.stop();
  }
}
