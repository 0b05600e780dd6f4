import { jest } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as delay } from 'node:timers/promises';
import { redrive, skip } from '@crm/workflows/event-workflow';
import { definitionOf, type HandlerName } from '@crm/workflows/events';
import { DAY, downUntil, HOUR, MINUTE, refuses } from './support/fakes.ts';
import { runEvent } from './support/run-event.ts';
import type { Attempt, Fake, Run } from './support/run-workflow.ts';

jest.setTimeout(60_000);

const CLIENT = {
  clientId: 'client-1',
  organisationId: 'org-1',
  nom: 'Test',
  prenom: 'User',
  email: 'user@example.org',
  createdAt: new Date('2026-01-15T09:00:00Z'),
};
/** The outcome of each handler if nothing goes wrong. */
const DONE = Object.fromEntries(
  Object.entries(definitionOf('client.created').handlers).map(([name, { activity }]) => [
    name,
    { done: activity },
  ]),
);
const COUNT = Object.keys(DONE).length;
const WORD = { who: 'alice', why: 'adresse corrigée' };

type Handler = HandlerName<'client.created'>;
const clientCreated = (handlers: Partial<Record<Handler, Fake>>, look: (run: Run) => Promise<void>) =>
  runEvent('client.created', CLIENT, handlers, look);

/** Whole seconds from each attempt to the next. */
const gaps = (attempts: Attempt[]) =>
  attempts.slice(1).map(({ atMs }, i) => Math.floor((atMs - attempts[i]!.atMs + 50) / 1000));

const hasFailed = (run: Run, ...names: Handler[]) =>
  run.until(`${names.join()} in FailedHandlers`, async () => {
    const failed = (await run.failed()) ?? [];
    return names.every((name) => failed.includes(name));
  });

test('the good path is one local activity a handler', () =>
  clientCreated({}, async (run) => {
    expect(await run.result()).toEqual(DONE);
    expect(run.attempts).toHaveLength(COUNT);
    const given = { eventId: run.handle.workflowId, clientId: 'client-1', email: 'user@example.org' };
    for (const { local, input } of run.attempts) {
      expect(local).toBe(true);
      expect(input).toMatchObject(given);
    }
    expect(await run.eventTypes()).not.toContain('EVENT_TYPE_ACTIVITY_TASK_SCHEDULED');
  }));

test('all handlers run at once', () => {
  let begun = 0;
  const waits: Fake = async ({ activity }) => {
    begun++;
    for (let waited = 0; begun < COUNT && waited < 2_000; waited += 10) await delay(10);
    return { done: `${activity} beside ${begun}` };
  };
  const all = Object.fromEntries(Object.keys(DONE).map((name) => [name, waits]));
  return clientCreated(all, async (run) => {
    const outcomes = Object.values((await run.result()) as Record<string, { done: string }>);
    for (const { done } of outcomes) expect(done.endsWith(` beside ${COUNT}`)).toBe(true);
  });
});

test('a handler with nothing to do is told of as skipped', () => {
  const nothing = { skipped: 'le client n’a pas d’adresse e-mail' };
  return clientCreated({ email: () => nothing }, async (run) => {
    expect(await run.result()).toEqual({ ...DONE, email: nothing });
    expect(await run.failed()).toBeUndefined();
  });
});

test('after a first failure a regular activity is retried, 1 s doubling to 20 s apart', () =>
  clientCreated({ email: downUntil(2 * MINUTE) }, async (run) => {
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
    const [first, ...others] = run.attemptsOf('sendWelcomeEmail');
    expect(first).toMatchObject({ local: true });
    expect(others.every(({ local }) => !local)).toBe(true);
    expect(gaps(others)).toEqual([1, 2, 4, 8, 16, 20, 20, 20, 20, 20]);
    expect(run.attemptsOf('countNewClient')).toHaveLength(1);
  }));

test('a first attempt that hangs is cut off after 5 s and made again', () => {
  const hangs: Fake = async ({ local }) => {
    if (local) await delay(6_000);
    return { done: 'enfin' };
  };
  return clientCreated({ dashboard: hangs }, async (run) => {
    expect(await run.result()).toEqual({ ...DONE, dashboard: { done: 'enfin' } });
    expect(run.attemptsOf('countNewClient').map(({ local }) => local)).toEqual([true, false]);
  });
});

test('after 15 minutes a handler is late, every ten minutes an attempt, until one succeeds', () =>
  clientCreated({ email: downUntil(50 * MINUTE), dashboard: downUntil(30 * MINUTE) }, async (run) => {
    await run.passes('14 minutes');
    expect(await run.late()).toBeUndefined();
    await run.passes('3 minutes');
    expect([...(await run.late())!].sort()).toEqual(['dashboard', 'email']);
    expect(await run.details()).toContain('En retard');
    await run.passes('20 minutes');
    expect(await run.late()).toEqual(['email']);
    expect(await run.failed()).toBeUndefined();
    expect(await run.result()).toMatchObject({ email: { done: 'enfin' }, dashboard: { done: 'enfin' } });
    const lateAttempts = run.attemptsOf('sendWelcomeEmail').filter(({ atMs }) => atMs > 15 * MINUTE - 20_000);
    expect(gaps(lateAttempts.slice(1))).toEqual([600, 600, 600, 600]);
    expect(await run.late()).toBeUndefined();
    expect(await run.details()).toBe('');
  }));

test('a refusal is final at once, its siblings take effect, the run stays open and says why', () =>
  clientCreated({ notifications: refuses('client client-1 not found') }, async (run) => {
    await hasFailed(run, 'notifications');
    await run.passes('3 days');
    expect(run.attemptsOf('notifyAccountManager')).toHaveLength(1);
    expect(run.attempts).toHaveLength(COUNT);
    expect(await run.failed()).toEqual(['notifications']);
    expect(await run.late()).toBeUndefined();
    expect(await run.details()).toContain('notifications (client client-1 not found)');
    expect(await run.status()).toBe('RUNNING');
  }));

test.each<[string, Fake]>([
  ['a regular attempt', (attempt) => downUntil(10_000, refuses('adresse refusée'))(attempt)],
  ['a late attempt', (attempt) => downUntil(20 * MINUTE, refuses('adresse refusée'))(attempt)],
])('a refusal of %s is final too', (_, email) =>
  clientCreated({ email }, async (run) => {
    await run.passes('1 hour');
    const attempts = run.attemptsOf('sendWelcomeEmail').length;
    await run.passes('1 day');
    expect(run.attemptsOf('sendWelcomeEmail')).toHaveLength(attempts);
    expect(await run.failed()).toEqual(['email']);
    expect(await run.late()).toBeUndefined();
    expect(await run.details()).toContain('email (adresse refusée)');
  }),
);

test('three days of late attempts end in failed, then a redrive succeeds', () =>
  clientCreated({ email: downUntil(4 * DAY) }, async (run) => {
    await run.passes('3 days');
    expect(await run.late()).toEqual(['email']);
    await run.passes('30 minutes');
    expect(await run.late()).toBeUndefined();
    expect(await run.failed()).toEqual(['email']);
    expect(await run.details()).toContain('email (connection refused)');
    await run.passes('1 day');
    const before = run.attemptsOf('sendWelcomeEmail').length;
    expect(before).toBeGreaterThan((3 * DAY) / (10 * MINUTE));
    await run.handle.signal(redrive, WORD);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
    expect(run.attemptsOf('sendWelcomeEmail')).toHaveLength(before + 1);
  }));

const mails = (run: Run) => run.attemptsOf('sendWelcomeEmail');

test('a redrive reaches a late handler at once, and no other', () =>
  clientCreated({ email: downUntil(19 * MINUTE), dashboard: downUntil(19 * MINUTE) }, async (run) => {
    await run.passes('18 minutes');
    expect([...(await run.late())!].sort()).toEqual(['dashboard', 'email']);
    await run.passes('3 minutes');
    await run.handle.signal(redrive, { ...WORD, handlers: ['email'] });
    await run.until('email done', async () => (await run.late())?.join() === 'dashboard');
    expect(mails(run).at(-1)!.atMs).toBeLessThan(22 * MINUTE);
    expect(await run.result()).toMatchObject({ email: { done: 'enfin' }, dashboard: { done: 'enfin' } });
    expect(run.attemptsOf('countNewClient').at(-1)!.atMs).toBeGreaterThan(24 * MINUTE);
  }));

test('a late handler that is skipped is given up at once, with who and why', () =>
  clientCreated({ email: downUntil(DAY) }, async (run) => {
    await run.passes('20 minutes');
    await run.handle.signal(skip, WORD);
    // the clock stands still meanwhile
    await run.until('the end', async () => (await run.status()) === 'COMPLETED');
    expect(await run.result()).toEqual({ ...DONE, email: { skipped: `${WORD.why} (${WORD.who})` } });
    expect(await run.late()).toBeUndefined();
  }));

test('a skip counts that is said while the attempt of a redrive still runs', () => {
  let isHurried = false;
  let letGo = () => {};
  const running = new Promise<void>((resolve) => (letGo = resolve));
  const email: Fake = async () => {
    if (isHurried) await running;
    throw new Error('down');
  };
  return clientCreated({ email }, async (run) => {
    await run.passes('20 minutes');
    const before = mails(run).length;
    isHurried = true;
    await run.handle.signal(redrive, WORD);
    await run.until('the attempt', () => mails(run).length === before + 1);
    await run.handle.signal(redrive, WORD);
    await run.handle.signal(skip, WORD);
    letGo();
    await run.until('the end', async () => (await run.status()) === 'COMPLETED');
    expect(await run.result()).toMatchObject({ email: { skipped: `${WORD.why} (${WORD.who})` } });
    expect(mails(run)).toHaveLength(before + 1);
  });
});

test('hurried in vain it stays late, tried every ten minutes, and not a day longer', () =>
  clientCreated({ email: downUntil(9 * DAY) }, async (run) => {
    await run.passes('2 days');
    const before = mails(run).length;
    await run.handle.signal(redrive, WORD);
    await run.until('another attempt', () => mails(run).length === before + 1);
    await run.passes('25 minutes');
    expect(await run.late()).toEqual(['email']);
    expect(gaps(mails(run).slice(before))).toEqual([600, 600]);
    await run.passes('1 day');
    expect([await run.late(), await run.failed()]).toEqual([undefined, ['email']]);
  }));

test('hurried and refused it has failed', () =>
  clientCreated({ email: downUntil(20 * MINUTE, refuses('adresse refusée')) }, async (run) => {
    await run.passes('21 minutes');
    await run.handle.signal(redrive, WORD);
    await hasFailed(run, 'email');
    expect(await run.late()).toBeUndefined();
    expect(await run.details()).toContain('email (adresse refusée)');
  }));

test('redrive runs the failed handlers again, and only those', () =>
  clientCreated({ email: refuses('x', 1), relance: refuses('y', 1) }, async (run) => {
    await hasFailed(run, 'email', 'relance');
    await run.handle.signal(redrive, WORD);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' }, relance: { done: 'enfin' } });
    const counts = Object.entries(DONE).map(([name, { done }]) => [name, run.attemptsOf(done).length]);
    const others = Object.fromEntries(Object.keys(DONE).map((name) => [name, 1]));
    expect(Object.fromEntries(counts)).toEqual({ ...others, email: 2, relance: 2 });
    expect(await run.failed()).toBeUndefined();
    expect(await run.details()).toBe('');
  }));

test('redrive of a named handler leaves the others as they are', () =>
  clientCreated({ email: refuses('x', 1), relance: refuses('y') }, async (run) => {
    await hasFailed(run, 'email', 'relance');
    await run.handle.signal(redrive, { ...WORD, handlers: ['email'] });
    await run.until('email redriven', () => run.attemptsOf('sendWelcomeEmail').length === 2);
    await run.passes('1 hour');
    expect(run.attemptsOf('startFirstFollowUp')).toHaveLength(1);
    expect(await run.failed()).toEqual(['relance']);
    expect(await run.details()).not.toContain('email');
    expect(await run.status()).toBe('RUNNING');
  }));

test('a redriven handler is retried as the first time, and may fail and be redriven again', () =>
  clientCreated({ email: refuses('x', 2, downUntil(HOUR + 5 * MINUTE)) }, async (run) => {
    await hasFailed(run, 'email');
    await run.passes('1 hour');
    await run.handle.signal(redrive, WORD);
    await run.until('refused again', () => run.attemptsOf('sendWelcomeEmail').length === 2);
    await hasFailed(run, 'email');
    await run.handle.signal(redrive, WORD);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
    const [, , ...retried] = run.attemptsOf('sendWelcomeEmail');
    expect(retried.map(({ local }) => local).slice(0, 2)).toEqual([true, false]);
    expect(await run.failed()).toBeUndefined();
  }));

test('skip gives a failed handler up, with who and why in the result', () =>
  clientCreated({ email: refuses('x'), relance: refuses('y', 1) }, async (run) => {
    await hasFailed(run, 'email', 'relance');
    await run.handle.signal(skip, { ...WORD, handlers: ['email'] });
    await run.until('email skipped', async () => (await run.failed())?.join() === 'relance');
    await run.handle.signal(redrive, WORD);
    const skipped = { skipped: 'adresse corrigée (alice)' };
    expect(await run.result()).toEqual({ ...DONE, email: skipped, relance: { done: 'enfin' } });
    expect(run.attemptsOf('sendWelcomeEmail')).toHaveLength(1);
    expect(await run.failed()).toBeUndefined();
  }));

test('a word that comes before a handler has failed is not kept for it', () =>
  clientCreated({ email: downUntil(MINUTE, refuses('x')) }, async (run) => {
    await run.handle.signal(skip, WORD);
    await run.passes('5 minutes');
    expect(await run.failed()).toEqual(['email']);
  }));

test.each([
  ['nothing at all', []],
  ['null', [null]],
  ['a handler that is no list', [{ who: 'alice', handlers: 'email' }]],
])('a redrive that says %s is understood', (_, args) =>
  clientCreated({ email: refuses('x', 1) }, async (run) => {
    await hasFailed(run, 'email');
    await run.handle.signal('redrive', ...args);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
  }),
);

test.each([
  ['a handler that is null', { handlers: null }],
  ['who and why that are no strings', { who: { name: 'alice' }, why: 7, handlers: [] }],
  ['handlers among other things', { handlers: [7, null, { a: 1 }, 'email'] }],
])('a redrive with %s is understood', (_, word) =>
  clientCreated({ email: refuses('x', 1) }, async (run) => {
    await hasFailed(run, 'email');
    await run.handle.signal('redrive', word);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
  }),
);

test.each<[string, unknown]>([
  ['is a string', 'email'],
  ['is a number', 7],
  ['is a list', [WORD]],
  ['names nothing that is a handler', { ...WORD, handlers: [7, {}] }],
  ['names a handler that has not failed', { ...WORD, handlers: 'dashboard' }],
])('a word that %s changes nothing', (_, word) =>
  clientCreated({ email: refuses('x', 1) }, async (run) => {
    await hasFailed(run, 'email');
    await run.handle.signal('skip', word);
    await run.handle.signal('redrive', word);
    await run.passes('1 hour');
    expect(await run.failed()).toEqual(['email']);
    expect(run.attemptsOf('sendWelcomeEmail')).toHaveLength(1);
    await run.handle.signal(redrive, WORD);
    expect(await run.result()).toEqual({ ...DONE, email: { done: 'enfin' } });
  }),
);

test.each([
  ['nothing at all', []],
  ['null', [null]],
  ['no reason', [{ who: 'alice' }]],
  ['an empty reason', [{ who: 'alice', why: ' ' }]],
  ['a reason that is no string', [{ who: 'alice', why: { text: 'y' } }]],
])('a skip that says %s is ignored, and the details ask for a reason', (_, args) =>
  clientCreated({ email: refuses('x') }, async (run) => {
    await hasFailed(run, 'email');
    await run.handle.signal('skip', ...args);
    await run.passes('1 hour');
    expect(await run.failed()).toEqual(['email']);
    expect(await run.details()).toContain('Un `skip` sans raison a été ignoré');
    await run.handle.signal('skip', { who: ['alice'], why: 'boîte fermée' });
    expect(await run.result()).toEqual({ ...DONE, email: { skipped: 'boîte fermée (inconnu)' } });
    expect(await run.details()).toBe('');
  }),
);

test('without a word for 14 days the run fails and names the handlers', () =>
  clientCreated({ email: refuses('boîte pleine'), relance: refuses('y', 1) }, async (run) => {
    await hasFailed(run, 'email', 'relance');
    await run.handle.signal(redrive, { ...WORD, handlers: ['relance'] });
    await run.passes(14 * DAY - HOUR);
    expect(await run.status()).toBe('RUNNING');
    const failure = await run.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const { cause } = failure as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    expect(cause!.message).toBe('client.created: email (boîte pleine)');
    expect(await run.status()).toBe('FAILED');
  }));
