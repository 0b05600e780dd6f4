import { jest } from '@jest/globals';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { replayBundle } from '@crm/tools/replay/replay-bundle';
import { replayHistories, type Named } from '@crm/tools/replay/replay-histories';
import * as workflows from '@crm/workflows';
import {
  addCounters,
  describeCoverage,
  instrumentedBundle,
  waysOf,
  type Counters,
} from './branch-coverage.ts';
import { listHistories, readHistory, workflowOf, type Case } from './history-files.ts';
import { historyText, scrubHistory, SOMEBODY } from './scrub-history.ts';
import { DEBTOR, PERSON } from './stage.ts';
import { STORIES } from './stories.ts';
import { SKIPPING_STORIES } from './stories/on-skipping-clock.ts';

jest.setTimeout(120_000);
quietRuntime();

const cases = listHistories();
const named = (name: Case): Named => ({ name, history: readHistory(name) });

test('there are histories, of every workflow type and of no other', () => {
  expect(cases).not.toEqual([]);
  const replayed = [...new Set(cases.map(workflowOf))].sort();
  expect(replayed).toEqual(Object.keys(workflows).sort());
});

test('every story has left its histories', () => {
  const missing = [...STORIES, ...SKIPPING_STORIES]
    .flatMap(({ cases }) => cases)
    .filter((name) => !cases.includes(name));
  expect(missing).toEqual([]);
});

describe('what runs goes on with the working tree', () => {
  const outcomes = new Map<string, string | undefined>();
  beforeAll(async () => {
    const began = Date.now();
    for await (const { name, broken } of replayHistories(await replayBundle(), cases.map(named))) {
      outcomes.set(name, broken);
    }
    const counts = Object.keys(workflows)
      .map((type) => `${type} ${cases.filter((name) => workflowOf(name) === type).length}`)
      .join(', ');
    process.stdout.write(`Replayed ${outcomes.size} histories (${counts}) in ${Date.now() - began} ms.\n`);
  });

  test.each(cases)('%s', (name) => {
    expect(outcomes.has(name)).toBe(true);
    const broken = outcomes.get(name);
    if (broken) throw new Error(broken);
  });
});

test('which branches have no history is told', async () => {
  const byType = new Map<string, Counters>(Object.keys(workflows).map((type) => [type, {}]));
  const covered = ({ name }: Named, counters: object) =>
    void addCounters(byType.get(workflowOf(name as Case))!, counters as Counters);
  for await (const { broken } of replayHistories(await instrumentedBundle(), cases.map(named), { covered })) {
    expect(broken).toBeUndefined();
  }
  for (const [type, counters] of byType) expect([type, waysOf(counters)]).not.toEqual([type, []]);
  process.stdout.write(describeCoverage(byType));
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
