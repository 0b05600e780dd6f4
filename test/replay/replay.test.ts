import { jest } from '@jest/globals';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import * as workflows from '@crm/workflows';
import { fileURLToPath } from 'node:url';
import { quietWorker } from '../workflows/support/quiet-worker.ts';
import { listHistories, readHistory, type Case } from './history-files.ts';
import { replayHistories, workflowOf } from './replay-histories.ts';
import { historyText, scrubHistory, SOMEBODY } from './scrub-history.ts';
import { DEBTOR, PERSON } from './stage.ts';
import { STORIES } from './stories.ts';

jest.setTimeout(60_000);
quietWorker();

const cases = listHistories();

test('every workflow type has histories', () => {
  const replayed = [...new Set(cases.map(workflowOf))].sort();
  expect(replayed).toEqual(Object.keys(workflows).sort());
});

test('every story has left its histories', () => {
  const missing = STORIES.flatMap((story) => story.cases).filter((name) => !cases.includes(name));
  expect(missing).toEqual([]);
});

describe('what runs goes on with the working tree', () => {
  let outcomes: Map<Case, string | undefined>;
  beforeAll(async () => {
    outcomes = await replayHistories(await workflowBundle(), cases);
    process.stdout.write(
      `Replayed ${outcomes.size} histories of ${Object.keys(workflows).length} workflow types.\n`,
    );
  });

  test.each(cases)('%s', (name) => {
    expect(outcomes.has(name)).toBe(true);
    const broken = outcomes.get(name);
    if (broken) throw new Error(broken);
  });
});

describe('a change that breaks what runs is seen', () => {
  const broken = fileURLToPath(new URL('./broken/index.ts', import.meta.url));
  const replayedBy = async (variant: string) => {
    const concerned = cases.filter((name) => variant.startsWith(workflowOf(name)));
    return [...(await replayHistories(await workflowBundle(broken), concerned, () => variant))];
  };

  test.each<[string, Case[]]>([
    ['clientCreatedOneHandlerFirst', []],
    ['clientCreatedAfterASecond', []],
    // one that never slept, and would not now
    ['firstFollowUpWithoutTimer', ['firstFollowUp/instants-passed']],
    // with nothing to sleep for, the task comes first anyway
    ['firstFollowUpTaskFirst', []],
  ])('%s', async (variant, unharmed) => {
    const outcomes = await replayedBy(variant);
    expect(outcomes.length).toBeGreaterThan(0);
    for (const [name, message] of outcomes) {
      if (unharmed.includes(name)) expect(message).toBeUndefined();
      else
        expect(message).toMatch(
          new RegExp(`^${workflowOf(name)} breaks on ${name} .*Nondeterminism error: `),
        );
    }
  });

  test.each(['clientCreatedUnchanged', 'firstFollowUpUnchanged'])('%s is none', async (variant) => {
    for (const [, message] of await replayedBy(variant)) expect(message).toBeUndefined();
  });
});

describe('histories tell nothing of people or machines', () => {
  test.each(cases)('%s', (name) => {
    const text = historyText(readHistory(name));
    const addresses = text.match(/[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/gi) ?? [];
    expect(addresses.filter((address) => address !== SOMEBODY)).toEqual([]);
    expect(text).not.toMatch(/\b[A-Z]{2}\d{2}( ?[\dA-Z]{4}){2,}/); // an IBAN
    // fields that name people, their accounts and users, and whatever else the scrub knows
    expect(scrubHistory(readHistory(name))).toEqual(readHistory(name));
    for (const personal of Object.values({ ...PERSON, ...DEBTOR })) expect(text).not.toContain(personal);
    expect(text).not.toMatch(/\d+@(?!1\.)[\w-]+/); // a process, but for a version of the SDK
    expect(text).not.toMatch(/"stackTrace":"[^"]|file:\/\/|node_modules/);
  });
});
