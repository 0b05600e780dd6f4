import { jest } from '@jest/globals';
import { clientCreatedSignal, plan, type FirstFollowUpActivities } from '@crm/workflows/first-follow-up';
import { redrive, skip } from '@crm/workflows/operators-inbox';
import type { StrandedActivities } from '@crm/workflows/stranded';
import { DAY, downUntil, HOUR, MINUTE, refuses } from './support/fakes.ts';
import { runWorkflow, type Fake, type Run } from './support/run-workflow.ts';

jest.setTimeout(60_000);

type Delays = { task?: number; reminder?: number };
type Activity = keyof (FirstFollowUpActivities & StrandedActivities);
type Fakes = Partial<Record<Activity, Fake>>;

const CLIENT = { gestionnaireId: 'u-1', prenom: 'Ada', nom: 'Byron' };
const IDS = { suiviId: 'suivi-1', clientId: 'client-1', organisationId: 'org-1', correlationId: 'test' };

/** A follow-up with its task 7 and its reminder 14 days after the start, unless told. */
const followUp = (
  { task = 7 * DAY, reminder = 14 * DAY }: Delays,
  fakes: Fakes,
  look: (run: Run) => Promise<void>,
) =>
  runWorkflow(
    {
      workflowType: 'firstFollowUp',
      workflowId: 'suivi/client-1',
      signal: clientCreatedSignal.name,
      input: (startedAt) => ({
        ...IDS,
        datePrevue: new Date(startedAt.getTime() + task).toISOString(),
        dateRappel: new Date(startedAt.getTime() + reminder).toISOString(),
        enMots: { datePrevue: 'le 1er juin 2026 à 09:00', dateRappel: 'le 8 juin 2026 à 09:00' },
      }),
      activities: {
        readClient: () => CLIENT,
        createFollowUpTask: () => ({ tacheId: 'tache-1' }),
        remindOfFollowUpTask: () => ({ ended: 'gestionnaire rappelé' }),
        endFollowUp: () => undefined,
        ...fakes,
      },
    },
    look,
  );

const acts = (run: Run) => run.attempts.map(({ activity }) => activity);
const TASK = ['readClient', 'createFollowUpTask'];
const ALL = [...TASK, 'readClient', 'remindOfFollowUpTask', 'endFollowUp'];

test('the task is created on its day, its reminder sent on that day, and the end recorded', () =>
  followUp({}, {}, async (run) => {
    await run.passes(7 * DAY - HOUR);
    expect(acts(run)).toEqual([]);
    await run.passes('2 hours');
    expect(acts(run)).toEqual(TASK);
    await run.passes(7 * DAY - 2 * HOUR);
    expect(acts(run)).toEqual(TASK);
    expect(await run.result()).toBe('gestionnaire rappelé');
    expect(acts(run)).toEqual(ALL);
    const [, created, , reminded, ended] = run.attempts;
    expect(created!.input).toMatchObject({ ...IDS, client: CLIENT });
    expect(reminded!.input).toMatchObject({ ...IDS, tacheId: 'tache-1', client: CLIENT });
    expect(ended!.input).toMatchObject({ ...IDS, motif: 'gestionnaire rappelé' });
    expect(created!.atMs).toBeGreaterThanOrEqual(7 * DAY);
    expect(created!.atMs).toBeLessThan(7 * DAY + MINUTE);
    expect(reminded!.atMs).toBeGreaterThanOrEqual(14 * DAY);
    expect(reminded!.atMs).toBeLessThan(14 * DAY + MINUTE);
  }));

test('a client that is gone ends it without a task', () =>
  followUp({}, { readClient: () => ({ ended: 'le client n’existe plus' }) }, async (run) => {
    expect(await run.result()).toBe('le client n’existe plus');
    expect(acts(run)).toEqual(['readClient', 'endFollowUp']);
    expect(run.attempts[1]!.input).toMatchObject({ motif: 'le client n’existe plus' });
    expect(run.attempts[1]!.atMs).toBeLessThan(8 * DAY);
  }));

test('a task that is done by then ends it', () =>
  followUp({}, { remindOfFollowUpTask: () => ({ ended: 'tâche terminée' }) }, async (run) => {
    expect(await run.result()).toBe('tâche terminée');
    expect(run.attempts.at(-1)!.input).toMatchObject({ motif: 'tâche terminée' });
  }));

test('instants that have passed are not slept for', () =>
  followUp({ task: -2 * DAY, reminder: -DAY }, {}, async (run) => {
    await run.until('the end', async () => (await run.status()) === 'COMPLETED');
    expect(acts(run)).toEqual(ALL);
    expect(await run.eventTypes()).not.toContain('EVENT_TYPE_TIMER_STARTED');
    expect(run.attempts.at(-1)!.atMs).toBeLessThan(MINUTE);
  }));

test('services that are down for two days make it late, and lose nothing', () =>
  followUp({}, { createFollowUpTask: downUntil(9 * DAY, () => ({ tacheId: 'tache-1' })) }, async (run) => {
    expect(await run.result()).toBe('gestionnaire rappelé');
    const created = run.attemptsOf('createFollowUpTask').at(-1)!.atMs;
    expect(created).toBeGreaterThanOrEqual(9 * DAY);
    expect(created).toBeLessThan(9 * DAY + 11 * MINUTE);
    const [reminded, ...again] = run.attemptsOf('remindOfFollowUpTask');
    expect(again).toEqual([]);
    expect(reminded!.atMs).toBeGreaterThanOrEqual(14 * DAY);
    expect(run.attemptsOf('endFollowUp')).toHaveLength(1);
  }));

test('services that are down past both instants: task and reminder follow when they are back', () =>
  followUp(
    { task: HOUR, reminder: 2 * HOUR },
    {
      createFollowUpTask: downUntil(5 * HOUR, () => ({ tacheId: 'tache-1' })),
      endFollowUp: downUntil(6 * HOUR),
    },
    async (run) => {
      expect(await run.result()).toBe('gestionnaire rappelé');
      const [reminded, ...again] = run.attemptsOf('remindOfFollowUpTask');
      expect(again).toEqual([]);
      expect(reminded!.atMs).toBeGreaterThanOrEqual(5 * HOUR);
      expect(run.attemptsOf('endFollowUp').at(-1)!.atMs).toBeGreaterThanOrEqual(6 * HOUR);
    },
  ));

test('tells its plan, and in its details how far it is', () =>
  followUp({}, {}, async (run) => {
    const { datePrevue, dateRappel, etape } = await run.handle.query(plan);
    expect(Date.parse(dateRappel) - Date.parse(datePrevue)).toBe(7 * DAY);
    expect(etape).toBe('Tâche de premier suivi du client client-1, prévue le 1er juin 2026 à 09:00');
    expect(await run.details()).toBe(etape);
    await run.passes('8 days');
    const next = 'Tâche tache-1 créée; rappel prévu le 8 juin 2026 à 09:00, si elle est encore ouverte';
    expect(await run.handle.query(plan)).toEqual({ datePrevue, dateRappel, etape: next });
    expect(await run.details()).toBe(next);
    await run.result();
    expect((await run.handle.query(plan)).etape).toBe(
      'Premier suivi du client client-1 terminé: gestionnaire rappelé',
    );
  }));

test('a signal that comes again changes nothing', () =>
  followUp({}, {}, async (run) => {
    await run.handle.signal(clientCreatedSignal);
    await run.passes('8 days');
    await run.handle.signal(clientCreatedSignal);
    expect(await run.result()).toBe('gestionnaire rappelé');
    expect(acts(run)).toEqual(ALL);
    expect(run.attempts[2]!.atMs).toBeGreaterThanOrEqual(14 * DAY);
  }));

const hasFailed = (run: Run) =>
  run.until('relance in FailedHandlers', async () => (await run.failed())?.join() === 'relance');
const DUE = { task: -DAY, reminder: -DAY };
const WORD = { who: 'alice', why: 'client corrigé' };

test('a client that is renamed meanwhile is not seen by a repeated attempt', () => {
  const readClient: Fake = ({ nth }) => ({ ...CLIENT, nom: `nom ${nth}` });
  const createFollowUpTask = downUntil(HOUR, () => ({ tacheId: 'tache-1' }));
  return followUp({ ...DUE, reminder: DAY }, { readClient, createFollowUpTask }, async (run) => {
    await run.passes('3 hours');
    const attempts = run.attemptsOf('createFollowUpTask');
    expect(attempts.length).toBeGreaterThan(1);
    for (const { input } of attempts) expect(input).toMatchObject({ client: { nom: 'nom 1' } });
    expect(run.attemptsOf('readClient')).toHaveLength(1);
  });
});

test('a refused step waits in the inbox, its reason in the details, and goes on when redriven', () =>
  followUp(
    DUE,
    { createFollowUpTask: refuses('titre refusé', 1, () => ({ tacheId: 'tache-1' })) },
    async (run) => {
      await hasFailed(run);
      await run.passes('10 days');
      expect(await run.status()).toBe('RUNNING');
      expect(await run.details()).toMatch(
        /^Tâche de premier suivi .*, prévue le .*relance \(titre refusé\)/s,
      );
      await run.handle.signal(redrive, WORD);
      expect(await run.result()).toBe('gestionnaire rappelé');
      expect(run.attemptsOf('createFollowUpTask')).toHaveLength(2);
      expect(run.attemptsOf('readClient')).toHaveLength(2);
      expect(await run.failed()).toBeUndefined();
      expect(await run.details()).toBe('Premier suivi du client client-1 terminé: gestionnaire rappelé');
    },
  ));

test.each<Activity>(['readClient', 'createFollowUpTask', 'remindOfFollowUpTask'])(
  'a refused %s that is skipped ends the follow-up with the reason',
  (activity) =>
    followUp(DUE, { [activity]: refuses('non') }, async (run) => {
      await hasFailed(run);
      await run.handle.signal(skip, { ...WORD, why: 'x'.repeat(600) });
      expect(await run.result()).toBe(`${'x'.repeat(600)} (alice)`);
      expect(run.attempts.at(-1)).toMatchObject({
        activity: 'endFollowUp',
        input: { motif: 'x'.repeat(500) },
      });
      expect(run.attemptsOf(activity)).toHaveLength(1);
      expect(await run.failed()).toBeUndefined();
    }),
);

test('an end that cannot be recorded waits too, and may be skipped', () =>
  followUp(DUE, { endFollowUp: refuses('non') }, async (run) => {
    await hasFailed(run);
    await run.handle.signal(skip, { ...WORD, handlers: ['email'] });
    await run.passes('1 hour');
    expect(await run.failed()).toEqual(['relance']);
    await run.handle.signal(skip, { ...WORD, handlers: ['relance'] });
    expect(await run.result()).toBe('gestionnaire rappelé');
    expect(run.attemptsOf('endFollowUp')).toHaveLength(1);
  }));

test('without a word for 14 days it says so louder, and again after 14 more, and stays open', () =>
  followUp(
    DUE,
    {
      createFollowUpTask: refuses('titre refusé', 1, () => ({ tacheId: 'tache-1' })),
      // that nobody can be told either is no end
      tellOfStranded: refuses('trop de destinataires', 1, () => 'prévenu'),
    },
    async (run) => {
      await hasFailed(run);
      await run.passes(14 * DAY - HOUR);
      expect(await run.stranded()).toBeUndefined();
      await run.passes('2 hours');
      expect([await run.status(), await run.stranded(), await run.failed()]).toEqual([
        'RUNNING',
        ['relance'],
        ['relance'],
      ]);
      expect(await run.details()).toContain('Personne n’a répondu depuis deux semaines');
      await run.passes(40 * DAY);
      const told = run.attemptsOf('tellOfStranded').map(({ input }) => input);
      const depuis = (told[0] as { depuis: string }).depuis;
      expect(told).toEqual(
        [1, 2, 3].map((fois) => ({
          ...{ organisationId: 'org-1', clientId: 'client-1', correlationId: 'test', reference: 'client-1' },
          ...{ quoi: 'le premier suivi', handler: 'relance' },
          ...{ raison: 'titre refusé', depuis, fois },
        })),
      );
      await run.handle.signal(redrive, WORD);
      expect(await run.result()).toBe('gestionnaire rappelé');
      expect([await run.stranded(), await run.failed()]).toEqual([undefined, undefined]);
    },
  ));
