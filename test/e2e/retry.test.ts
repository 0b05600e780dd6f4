import { readFileSync } from 'node:fs';
import {
  CreatePolicyRequest,
  CreateScheduleRequest,
  PreviewRetryRequest,
  RetryAdminServiceService,
  UpdatePolicyRequest,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const retries = stack.client('retry', RetryAdminServiceService);

afterAll(() => stack.close());

const DAY_MS = 24 * 3600 * 1000;
const preview = (request: object) => retries.previewRetry(PreviewRetryRequest.fromJSON(request));
const instants = async (request: object) => {
  const { tentatives, epuise } = await preview(request);
  const planned = tentatives.map(({ datePrevue }) => datePrevue!.toISOString().slice(0, 16));
  return [...planned, ...(epuise ? ['épuisé'] : [])];
};
const am04 = (dateRejet: string, more: object = {}) => instants({ motifRejet: 'AM04', dateRejet, ...more });

describe('PreviewRetry', () => {
  type Case = {
    rule: string;
    request: object;
    attempt?: number;
    datePrevue?: string;
    absent?: boolean;
    epuise?: boolean;
    eligibilite?: string;
  };
  const cases = (JSON.parse(readFileSync('test/data/dates.json', 'utf8')) as Case[]).filter(({ rule }) =>
    rule.startsWith('retry'),
  );

  test('there are six worked cases', () => expect(cases).toHaveLength(6));

  test.each(cases)('$rule', async ({ request, attempt, datePrevue, absent, epuise, eligibilite }) => {
    const answer = await preview(request);
    if (eligibilite) expect(answer.eligibilite).toBe(eligibilite);
    if (epuise !== undefined) expect(answer.epuise).toBe(epuise);
    const found = answer.tentatives.find(({ numero }) => numero === attempt);
    if (absent) expect(found).toBeUndefined();
    if (datePrevue) expect(found!.datePrevue).toEqual(new Date(datePrevue));
  });

  test('the worked request, with the policy spelled out and left out', async () => {
    const request = { motifRejet: 'AM04', dateRejet: '2026-03-02T13:30:00Z' };
    const policy = { delaisJours: [5, 10, 20], maxTentatives: 3, maxJoursTotal: 30, heureLimite: '10:00' };
    const expected = ['2026-03-09T09:00', '2026-03-12T09:00', '2026-03-23T09:00'];
    expect(await instants(request)).toEqual(expected);
    expect(await instants({ ...request, policy })).toEqual(expected);
    expect((await preview(request)).tentatives.map(({ numero }) => numero)).toEqual([1, 2, 3]);
  });

  test.each([
    ['Easter: Good Friday and Easter Monday', '2026-03-29T10:00:00Z', '2026-04-07T08:00'],
    ['Easter of another year', '2027-03-21T10:00:00Z', '2027-03-30T08:00'],
    ['Ascension', '2026-05-09T10:00:00Z', '2026-05-15T08:00'],
    ['Whit Monday', '2026-05-20T10:00:00Z', '2026-05-26T08:00'],
    ['1 May, and the weekend after it', '2026-04-26T10:00:00Z', '2026-05-04T08:00'],
    ['8 May, and the weekend after it', '2026-05-03T10:00:00Z', '2026-05-11T08:00'],
    ['Christmas on a Friday, 26 December on a Saturday', '2026-12-20T10:00:00Z', '2026-12-28T09:00'],
    ['26 December closes T2 only', '2028-12-21T10:00:00Z', '2028-12-27T09:00'],
    ['year end', '2026-12-27T10:00:00Z', '2027-01-04T09:00'],
    ['11 November', '2026-11-06T10:00:00Z', '2026-11-12T09:00'],
    ['15 August on a weekday', '2028-08-10T10:00:00Z', '2028-08-16T08:00'],
    ['1 November on a weekday', '2027-10-27T10:00:00Z', '2027-11-02T09:00'],
    ['start of summer time', '2026-03-25T10:00:00Z', '2026-03-30T08:00'],
    ['end of summer time', '2026-10-21T10:00:00Z', '2026-10-26T09:00'],
    ['leap day', '2028-02-24T10:00:00Z', '2028-02-29T09:00'],
    ['a rejection after midnight in Paris counts from that day', '2026-07-01T22:30:00Z', '2026-07-07T08:00'],
  ])('%s', async (_, dateRejet, first) => {
    expect((await am04(dateRejet))[0]).toBe(first);
  });

  test('an attempt that the rejection before it overtakes goes on the next business day, until J+30', async () => {
    const after = (...rejetsSuivants: string[]) => am04('2026-03-02T13:30:00Z', { rejetsSuivants });
    expect((await after('2026-03-12T09:00:00Z'))[1]).toBe('2026-03-12T09:00');
    expect((await after('2026-03-13T15:00:00Z'))[1]).toBe('2026-03-16T09:00');
    expect(await after('2026-04-02T06:00:00Z')).toEqual(['2026-03-09T09:00', 'épuisé']);
  });

  test('classes of reasons', async () => {
    const eligibilite = async (motifRejet: string, codesSupplementaires: string[] = []) =>
      (await preview({ motifRejet, dateRejet: '2026-03-02T13:30:00Z', policy: { codesSupplementaires } }))
        .eligibilite;
    expect(await eligibilite('AM04')).toBe('ELIGIBLE');
    expect(await eligibilite('MS03')).toBe('NOT_ELIGIBLE_REASON_CODE');
    expect(await eligibilite(' ms03', ['MS03'])).toBe('ELIGIBLE');
    const others = ['AC01', 'AC04', 'AC06', 'AC13', 'AG01', 'RC01', 'AG02', 'BE05', 'FF01', 'FF05', 'MD02'];
    for (const code of [...others, 'CNOR', 'DNOR', 'MD01', 'MD06', 'MD07', 'MS02', 'SL01', 'XX99']) {
      expect([code, await eligibilite(code, ['MS03', code].slice(0, 1))]).toEqual([
        code,
        'NOT_ELIGIBLE_REASON_CODE',
      ]);
    }
    // a policy that lists another class's code does not make it one that is presented again
    expect(await eligibilite('AC04', ['AC04'])).toBe('NOT_ELIGIBLE_REASON_CODE');
  });

  test('what makes no sense is refused by name', async () => {
    const refused = async (request: object) =>
      (await refusalOf(preview({ motifRejet: 'AM04', dateRejet: '2026-03-02T13:30:00Z', ...request })))
        .violations[0]?.field;
    expect(await refused({ policy: { delaisJours: [5, 5] } })).toBe('policy.delaisJours');
    expect(await refused({ policy: { delaisJours: [10, 5] } })).toBe('policy.delaisJours');
    expect(await refused({ policy: { heureLimite: '25:00' } })).toMatch(/heure_?[lL]imite/);
    expect(await refused({ motifRejet: 'A-4' })).toMatch(/motif_?[rR]ejet/);
    expect(await refused({ dateRejet: '2199-12-30T10:00:00Z' })).toBe('dateRejet');
    expect(await refused({ rejetsSuivants: ['2199-12-31T10:00:00Z'] })).toBe('rejetsSuivants');
  });
});

describe('policies', () => {
  const create = (organisationId: string, request: object) =>
    retries.createPolicy(CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', ...request }));

  test('the active one with the highest priority is in force, else the default', async () => {
    const organisationId = unique('org');
    const first = async () => (await am04('2026-03-02T13:30:00Z', { organisationId }))[0];
    expect(await first()).toBe('2026-03-09T09:00');
    const low = await create(organisationId, { priorite: 1, politique: { delaisJours: [1] } });
    expect(low).toMatchObject({ actif: true, priorite: 1 });
    expect(low.politique).toEqual({
      delaisJours: [1],
      maxTentatives: 3,
      maxJoursTotal: 30,
      heureLimite: '10:00',
      codesSupplementaires: [],
    });
    expect(await first()).toBe('2026-03-03T09:00');
    const high = await create(organisationId, { priorite: 2, politique: { delaisJours: [2] } });
    expect(await first()).toBe('2026-03-04T09:00');
    const updated = await retries.updatePolicy({ id: high.id, actif: false });
    expect(updated).toMatchObject({ actif: false, priorite: 2, nom: 'P', politique: high.politique });
    expect(await first()).toBe('2026-03-03T09:00');
    const politique = { ...low.politique!, heureLimite: '08:15' };
    await retries.updatePolicy({ id: low.id, politique });
    expect(await first()).toBe('2026-03-03T07:15');
    expect(await retries.getPolicy({ id: low.id })).toMatchObject({ politique });
    const { policies } = await retries.listPolicies({ organisationId });
    expect(policies.map(({ id }) => id)).toEqual([high.id, low.id]);
  });

  test('one that makes no sense is refused', async () => {
    const field = async (politique: object) =>
      (await refusalOf(create(unique('org'), { politique }))).violations[0]?.field;
    expect(await field({ delaisJours: [3, 2] })).toBe('politique.delaisJours');
    expect(await field({ delaisJours: [5, 31] })).toBe('politique.delaisJours');
    expect(await field({ codesSupplementaires: ['AC04'] })).toBe('politique.codesSupplementaires');
    expect(await field({ codesSupplementaires: ['MS03'] }).catch(() => 'accepted')).toBe('accepted');
  });
});

describe('schedules', () => {
  const reject = (paymentId: string, more: object = {}) =>
    retries.createSchedule(
      CreateScheduleRequest.fromJSON({
        organisationId: 'org-retry',
        paymentId,
        clientId: 'client-1',
        montant: '1000',
        motifRejet: 'AM04',
        dateRejet: new Date().toISOString(),
        ...more,
      }),
    );
  const statuts = ({ tentatives }: RetrySchedule) => tentatives.map(({ numero, statut }) => [numero, statut]);
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

  test('a rejection is planned by the policy then in force, which is kept', async () => {
    const organisationId = unique('org');
    const policy = await retries.createPolicy(
      CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', politique: { delaisJours: [3, 6] } }),
    );
    const paymentId = unique('p');
    const schedule = await reject(paymentId, { organisationId, motifRejet: ' am04' });
    expect(schedule).toMatchObject({
      organisationId,
      paymentId,
      montant: 1000n,
      motifRejet: 'AM04',
      eligibilite: 'ELIGIBLE',
      statut: 'PLANIFIE',
      tentativeInitiale: 1,
    });
    expect(statuts(schedule)).toEqual([
      [1, 'PREVUE'],
      [2, 'PREVUE'],
    ]);
    const dateRejet = schedule.dateRejet!;
    const expected = await retries.previewRetry({ motifRejet: 'AM04', dateRejet, organisationId });
    expect(schedule.prochaineAt).toEqual(expected.tentatives[0]!.datePrevue);
    expect(schedule.tentatives.map(({ datePrevue }) => datePrevue)).toEqual(
      expected.tentatives.map(({ datePrevue }) => datePrevue),
    );
    const politique = { ...policy.politique!, delaisJours: [1] };
    await retries.updatePolicy({ id: policy.id, politique });
    expect(await retries.getSchedule({ id: paymentId })).toEqual(schedule);
    expect(await retries.getSchedule({ id: schedule.id })).toEqual(schedule);
    // the same rejection again
    expect(await reject(paymentId, { organisationId, dateRejet: dateRejet.toISOString() })).toEqual(schedule);
  });

  test('many at once make one schedule', async () => {
    const paymentId = unique('p');
    const dateRejet = daysAgo(0);
    const all = await Promise.all(Array.from({ length: 8 }, () => reject(paymentId, { dateRejet })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect((await retries.listAttempts({ paymentId })).attempts).toHaveLength(3);
  });

  test('one that is not eligible is recorded, and a later one that is starts from there', async () => {
    const paymentId = unique('p');
    const stopped = await reject(paymentId, { motifRejet: 'AC04', dateRejet: daysAgo(40) });
    expect(stopped).toMatchObject({
      statut: 'ARRETE',
      eligibilite: 'NOT_ELIGIBLE_REASON_CODE',
      tentatives: [],
    });
    expect(stopped.motifFin).toContain('AC04');
    const again = await reject(paymentId, { tentative: 2 });
    expect(again).toMatchObject({
      id: stopped.id,
      statut: 'PLANIFIE',
      eligibilite: 'ELIGIBLE',
      motifRejet: 'AM04',
    });
    expect(again).toMatchObject({ tentativeInitiale: 2, motifFin: '' });
    expect(statuts(again)).toEqual([
      [2, 'PREVUE'],
      [3, 'PREVUE'],
      [4, 'PREVUE'],
    ]);
    // the first rejection again
    expect(await reject(paymentId, { motifRejet: 'AC04', dateRejet: daysAgo(40) })).toEqual(again);
  });

  test('the rejection of an attempt plans the next, and that of the last exhausts', async () => {
    const paymentId = unique('p');
    const first = await reject(paymentId, { dateRejet: daysAgo(1) });
    const second = await reject(paymentId, { tentative: 2 });
    expect(statuts(second)).toEqual([
      [1, 'REJETEE'],
      [2, 'PREVUE'],
      [3, 'PREVUE'],
    ]);
    expect(second.prochaineAt).toEqual(first.tentatives[1]!.datePrevue);
    expect(second).toMatchObject({ dateRejet: first.dateRejet, motifRejet: 'AM04' });
    await reject(paymentId, { tentative: 3 });
    const last = await reject(paymentId, { tentative: 4, motifRejet: 'AM04' });
    expect(last).toMatchObject({ statut: 'EPUISE', eligibilite: 'NOT_ELIGIBLE_MAX_ATTEMPTS' });
    expect(last.prochaineAt).toBeUndefined();
    expect(statuts(last)).toEqual([
      [1, 'REJETEE'],
      [2, 'REJETEE'],
      [3, 'REJETEE'],
    ]);
  });

  test('an attempt that is rejected for another reason stops', async () => {
    const paymentId = unique('p');
    await reject(paymentId);
    const stopped = await reject(paymentId, { tentative: 2, motifRejet: 'MD01' });
    expect(stopped).toMatchObject({ statut: 'ARRETE', eligibilite: 'NOT_ELIGIBLE_REASON_CODE' });
    expect(statuts(stopped)).toEqual([
      [1, 'REJETEE'],
      [2, 'ABANDONNEE'],
      [3, 'ABANDONNEE'],
    ]);
    expect(stopped.tentatives[0]!.motifRejet).toBe('MD01');
  });

  test('a rejection that comes late plans the next business day, and past J+30 nothing', async () => {
    const late = await reject(unique('p'), { dateRejet: daysAgo(12) });
    const next = late.prochaineAt!.getTime() - Date.now();
    expect(next).toBeGreaterThan(0);
    expect(next).toBeLessThan(7 * DAY_MS);
    const tooLate = await reject(unique('p'), { dateRejet: daysAgo(31) });
    expect(tooLate).toMatchObject({ statut: 'EPUISE', eligibilite: 'NOT_ELIGIBLE_MAX_ATTEMPTS' });
  });

  test('a collected attempt that the bank returns goes on with the next', async () => {
    const paymentId = unique('p');
    await reject(paymentId);
    await retries.recordProgress({
      id: paymentId,
      statut: 'EN_COURS',
      numero: 1,
      statutTentative: 'SOUMISE',
    });
    const paid = await retries.recordProgress({
      id: paymentId,
      statut: 'ENCAISSE',
      numero: 1,
      statutTentative: 'REUSSIE',
    });
    expect(statuts(paid)).toEqual([
      [1, 'REUSSIE'],
      [2, 'ABANDONNEE'],
      [3, 'ABANDONNEE'],
    ]);
    const returned = await reject(paymentId, { tentative: 2 });
    expect(returned).toMatchObject({ statut: 'PLANIFIE', tentativeInitiale: 1 });
    expect(statuts(returned)).toEqual([
      [1, 'REJETEE'],
      [2, 'PREVUE'],
      [3, 'PREVUE'],
    ]);
  });

  test('a payment that is collected after all by the attempt before, and returned, begins anew', async () => {
    const paymentId = unique('p');
    await reject(paymentId, { dateRejet: daysAgo(1) });
    const made = { id: paymentId, numero: 1 };
    await retries.recordProgress({ ...made, statut: 'EN_COURS', statutTentative: 'SOUMISE' });
    await retries.recordProgress({ ...made, statut: 'ENCAISSE', statutTentative: 'REUSSIE' });
    const returned = await reject(paymentId, { tentative: 1 });
    expect(returned).toMatchObject({ statut: 'PLANIFIE', tentativeInitiale: 1 });
    expect(statuts(returned)).toEqual([
      [1, 'PREVUE'],
      [2, 'PREVUE'],
      [3, 'PREVUE'],
    ]);
    expect(returned.tentatives[0]!.soumiseAt).toBeUndefined();
  });

  test('an attempt that is collected and returned before anybody has looked is rejected once more', async () => {
    const paymentId = unique('p');
    await reject(paymentId, { dateRejet: daysAgo(12) });
    const made = { id: paymentId, numero: 1 };
    // the second attempt is planned, not presented; the first one is collected after all, and returned
    await retries.recordProgress({ ...made, statut: 'EN_COURS', statutTentative: 'SOUMISE' });
    const dateRejet = daysAgo(0);
    const returned = await reject(paymentId, { dateRejet });
    expect(returned).toMatchObject({ statut: 'PLANIFIE', tentativeInitiale: 1 });
    expect(returned.dateRejet).toEqual(new Date(dateRejet));
    expect(statuts(returned)).toEqual([
      [1, 'PREVUE'],
      [2, 'PREVUE'],
      [3, 'PREVUE'],
    ]);
    expect(await reject(paymentId, { dateRejet })).toEqual(returned);
    expect(await reject(paymentId, { dateRejet: daysAgo(12) })).toEqual(returned);
  });

  test('progress of another version, or of a schedule that has ended, changes nothing', async () => {
    const paymentId = unique('p');
    const { version } = await reject(paymentId);
    const moved = await retries.recordProgress({ id: paymentId, version, statut: 'EN_COURS' });
    expect(moved).toMatchObject({ statut: 'EN_COURS', version: version + 1 });
    expect(await retries.recordProgress({ id: paymentId, version, statut: 'ENCAISSE' })).toEqual(moved);
    const ended = await retries.recordProgress({ id: paymentId, statut: 'ARRETE', motifFin: 'fini' });
    expect(ended).toMatchObject({ statut: 'ARRETE', motifFin: 'fini' });
    expect(await retries.recordProgress({ id: paymentId, statut: 'PLANIFIE' })).toEqual(ended);
  });

  test('commands to what has ended are refused with the reason', async () => {
    const paymentId = unique('p');
    await reject(paymentId, { motifRejet: 'AC04' });
    const commands = [
      () => retries.cancelSchedule({ id: paymentId, motif: 'x' }),
      () => retries.runNow({ id: paymentId }),
      () => retries.replanSchedule({ id: paymentId, datePrevue: '2199-01-01' }),
    ];
    for (const command of commands) {
      expect(await refusalOf(command())).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'RETRY_TERMINE',
      });
    }
    const unknown = await refusalOf(retries.cancelSchedule({ id: unique('p'), motif: 'x' }));
    expect(unknown.code).toBe('NOT_FOUND');
  });

  test('a rejection from which retries would leave the calendar is refused by its field', async () => {
    const late = await refusalOf(reject(unique('p'), { dateRejet: '2199-12-30T10:00:00Z' }));
    expect([late.code, late.violations[0]?.field]).toEqual(['INVALID_ARGUMENT', 'dateRejet']);
  });

  test('a day that is past, or past the limit, is refused', async () => {
    const paymentId = unique('p');
    await reject(paymentId);
    const past = await refusalOf(retries.replanSchedule({ id: paymentId, datePrevue: '2020-01-01' }));
    expect(past.violations[0]).toMatchObject({ field: 'datePrevue' });
    const late = new Date(Date.now() + 40 * DAY_MS).toISOString().slice(0, 10);
    const tooLate = await refusalOf(retries.replanSchedule({ id: paymentId, datePrevue: late }));
    expect(tooLate).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'TROP_TARD' });
  });

  test('a command that a person records themselves is theirs', async () => {
    const paymentId = unique('p');
    const { id } = await reject(paymentId);
    await retries.recordCommand({
      id: paymentId,
      commande: 'CANCEL',
      auteur: 'someone-else',
      motif: 'doublon',
    });
    const { logs } = await retries.listAuditLogs({ scheduleId: id });
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({ action: 'CANCEL', auteur: 'alice', motif: 'doublon' });
    expect(await retries.getSchedule({ id })).toMatchObject({
      statut: 'ARRETE',
      eligibilite: 'NOT_ELIGIBLE_MANUAL_CANCEL',
    });
    expect(await reject(paymentId, { tentative: 2 })).toMatchObject({ statut: 'ARRETE' });
  });

  /** An organisation with a policy, and how to change that. */
  async function withPolicy(politique: object) {
    const organisationId = unique('org');
    const policy = CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', politique });
    const { id } = await retries.createPolicy(policy);
    const force = (other: object) =>
      retries.updatePolicy(UpdatePolicyRequest.fromJSON({ id, politique: other }));
    return { organisationId, force };
  }
  const migration = async (id: string) => (await retries.previewMigration({ id })).migrations[0]!;

  test('by another policy an attempt stays on the day on which a person has put it, and the others move', async () => {
    const { organisationId, force } = await withPolicy({ delaisJours: [5, 10] });
    const paymentId = unique('p');
    const { dateRejet } = await reject(paymentId, { organisationId });
    const asked = new Date(Date.now() + 12 * DAY_MS);
    const auteur = 'finance-1';
    const replan = { commande: 'REPLAN', motif: 'salaire', datePrevue: asked } as const;
    const { tentatives } = await retries.recordCommand({ id: paymentId, auteur, ...replan });
    const days = tentatives.map(({ datePrevue }) => datePrevue!.getTime());
    expect(days).toEqual([asked.getTime(), expect.any(Number)]);
    expect(days[1]).toBeGreaterThan(days[0]!);

    await force({ delaisJours: [7, 14, 21] });
    const usual = await retries.previewRetry({ motifRejet: 'AM04', dateRejet, organisationId });
    const { apres, changee } = await migration(paymentId);
    expect(changee).toBe(true);
    expect(apres).toEqual([{ ...usual.tentatives[0], datePrevue: asked }, ...usual.tentatives.slice(1)]);
    const migrate = { id: paymentId, commande: 'MIGRATE', auteur, motif: 'politique' } as const;
    const moved = await retries.recordCommand(migrate);
    expect(moved.prochaineAt).toEqual(asked);
    expect(moved.tentatives.map(({ demandee }) => demandee)).toEqual([true, false, false]);
    expect(await migration(paymentId)).toMatchObject({ apres, changee: false });

    // it stays asked for; what it overtakes comes after it
    await force({ delaisJours: [1, 3, 25] });
    const overtaken = (await migration(paymentId)).apres.map(({ datePrevue }) => datePrevue!.getTime());
    expect(overtaken).toHaveLength(3);
    expect(overtaken[0]).toBe(asked.getTime());
    expect(overtaken[1]! - overtaken[0]!).toBeGreaterThan(0);
    expect(overtaken[1]! - overtaken[0]!).toBeLessThan(6 * DAY_MS);
    await force({ delaisJours: [5], maxJoursTotal: 10 });
    expect(await refusalOf(migration(paymentId))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'TROP_TARD',
    });
    // nobody has chosen a date for the attempt after its rejection
    const next = await reject(paymentId, { organisationId, tentative: 2 });
    expect(next.tentatives.filter(({ statut, demandee }) => statut === 'PREVUE' && demandee)).toEqual([]);
  });

  test('whether another policy presents it again is asked of the last rejection', async () => {
    const { organisationId, force } = await withPolicy({ codesSupplementaires: ['MS03'] });
    const rejectedFor = async (...motifs: string[]) => {
      const paymentId = unique('p');
      for (const [made, motifRejet] of motifs.entries())
        await reject(paymentId, { organisationId, motifRejet, tentative: made + 1 });
      return paymentId;
    };
    const eligible = await rejectedFor('MS03', 'AM04');
    const stopped = await rejectedFor('AM04', 'MS03');
    await force({ delaisJours: [6, 12] });
    expect(await migration(eligible)).toMatchObject({ changee: true, obstacle: '' });
    expect(await refusalOf(migration(stopped))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_ELIGIBLE_REASON_CODE',
    });
  });

  test('figures of a period', async () => {
    const organisationId = unique('org');
    const at = (dateRejet: string, motifRejet = 'AM04') =>
      reject(unique('p'), { organisationId, dateRejet, motifRejet });
    const { paymentId } = await at(daysAgo(0));
    await retries.recordProgress({ id: paymentId, statut: 'ENCAISSE' });
    await at(daysAgo(0));
    await at(daysAgo(0), 'AC04');
    await at('2026-03-01T23:30:00Z');
    expect(await retries.getMetrics({ organisationId })).toEqual({
      schedules: 4n,
      enCours: 1n,
      encaisses: 1n,
      epuises: 1n,
      arretes: 1n,
      montantRejete: 4000n,
      montantRecupere: 1000n,
      tauxRecuperationPointsBase: 3333,
    });
    const march = (du: string, au: string) => retries.getMetrics({ organisationId, du, au });
    expect((await march('2026-03-02', '2026-03-02')).schedules).toBe(1n);
    expect((await march('2026-03-01', '2026-03-01')).schedules).toBe(0n);
    const { schedules } = await retries.listSchedules({ organisationId, statut: 'EPUISE' });
    expect(schedules).toHaveLength(1);
    expect(schedules[0]!.dateRejet).toEqual(new Date('2026-03-01T23:30:00Z'));
  });
});
