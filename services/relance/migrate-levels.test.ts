import { dateInParis } from '@crm/domain';
import { BaseRelance, NiveauRelance } from '@crm/proto/relance/relance';
import { dueAt, type Level } from './due-at.ts';
import { migrateLevels, replanLevels } from './migrate-levels.ts';
import { DEFAULT_LEVEL, inForce } from './regles-relance.ts';

const INVOICE = { dateFacture: '2026-05-04', dateEcheance: '2026-06-03' };
const level = (niveau: number, delai: string): Level => ({ ...DEFAULT_LEVEL, niveau, delai });
const planned = (niveau: number, delai: string, more: Partial<NiveauRelance> = {}) =>
  NiveauRelance.fromPartial({
    ...level(niveau, delai),
    dueAt: dueAt(level(niveau, delai), INVOICE),
    ...more,
  });
function plan(rule: Omit<Level, 'niveau'>, niveau: number, more: Partial<NiveauRelance> = {}): NiveauRelance {
  const level = { ...rule, niveau };
  return NiveauRelance.fromPartial({ ...level, dueAt: dueAt(level, INVOICE), ...more });
}
const SENT = { envoyeeAt: new Date('2026-05-19T07:00:00Z') };
const told = (niveaux: NiveauRelance[]) => niveaux.map(({ niveau, delai }) => `${niveau} ${delai}`);
const move = (niveaux: NiveauRelance[], levels: Level[], { isSingle = false, invoice = INVOICE } = {}) =>
  migrateLevels(niveaux, { levels, isSingle }, invoice);

test('what is not sent yet is by the other rules, with their dates; what was stays as it was', () => {
  const moved = move([planned(1, 'P15D', SENT), planned(2, 'P30D')], [level(1, 'P5D'), level(2, 'P20D')]);
  expect(told(moved)).toEqual(['1 P15D', '2 P20D']);
  expect(moved[0]).toMatchObject(SENT);
  expect(moved[1]!.dueAt).toEqual(dueAt(level(2, 'P20D'), INVOICE));
});

test('levels go and come; none comes before one that was sent or left out', () => {
  const before = [planned(2, 'P15D', { motifSaut: 'accord' }), planned(3, 'P30D')];
  expect(told(move(before, [level(1, 'P5D'), level(4, 'P60D')]))).toEqual(['2 P15D', '4 P60D']);
  expect(told(move(before, [level(1, 'P5D')]))).toEqual(['2 P15D']);
});

test('one whose old instant has passed moves, too: nobody asked for it', () => {
  const late = planned(1, 'P5D', { dueAt: new Date('2026-05-01T00:00:00Z') });
  expect(move([late], [level(1, 'P20D')])[0]).toMatchObject({
    delai: 'P20D',
    dueAt: dueAt(level(1, 'P20D'), INVOICE),
  });
});

test('one that was asked for is sent at once all the same', () => {
  const askedAt = new Date('2026-05-10T12:00:00Z');
  const moved = move([planned(1, 'P15D', { dueAt: askedAt, demandee: true })], [level(1, 'P20D')]);
  expect(moved[0]).toMatchObject({ delai: 'P20D', dueAt: askedAt, demandee: true });
});

test('another due date moves with the rule, too', () => {
  const byDueDate = { ...level(1, 'P5D'), base: BaseRelance.DATE_ECHEANCE };
  const before = NiveauRelance.fromPartial({ ...byDueDate, dueAt: dueAt(byDueDate, INVOICE) });
  const invoice = { ...INVOICE, dateEcheance: '2026-08-03' };
  expect(move([before], [byDueDate], { invoice })[0]!.dueAt).toEqual(dueAt(byDueDate, invoice));
});

test('a single rule moves its level alone', () => {
  const before = [planned(1, 'P15D'), planned(3, 'P30D')];
  expect(told(move(before, [level(3, 'P45D')], { isSingle: true }))).toEqual(['1 P15D', '3 P45D']);
  expect(told(move(before, [level(2, 'P20D')], { isSingle: true }))).toEqual(['1 P15D', '2 P20D', '3 P30D']);
});

const DUE = { ...DEFAULT_LEVEL, base: BaseRelance.DATE_ECHEANCE, delai: 'P5D' };
const NOTICE = { ...DEFAULT_LEVEL, delai: 'P10D', modele: 'mise-en-demeure' };
const ASKED = new Date('2026-05-10T12:00:00Z');

/** Another due date of an invoice of 4 May: which levels there were, and when they are due in Paris then. */
test.each<[string, NiveauRelance[], string, string[]]>([
  ['put off, what counts from it moves', [plan(DUE, 1)], '2026-08-03', ['2026-08-08']],
  ['brought forward, too', [plan(DUE, 1)], '2026-05-10', ['2026-05-15']],
  ['what counts from the invoice’s date stays', [planned(1, 'P15D')], '2026-08-03', ['2026-05-19']],
  ['what was sent stays', [plan(DUE, 1, SENT), plan(DUE, 2)], '2026-08-03', ['2026-06-08', '2026-08-08']],
  ['what was left out stays', [plan(DUE, 1, { motifSaut: 'accord' })], '2026-08-03', ['2026-06-08']],
  [
    'what a person asked for stays',
    [plan(DUE, 1, { dueAt: ASKED, demandee: true })],
    '2026-08-03',
    ['2026-05-10'],
  ],
  ['a formal notice comes the day after at the earliest', [plan(NOTICE, 1)], '2026-08-03', ['2026-08-04']],
  [
    'also one that was asked for',
    [plan(NOTICE, 1, { dueAt: ASKED, demandee: true })],
    '2026-06-20',
    ['2026-06-21'],
  ],
  ['and later where its rule says so', [plan({ ...NOTICE, delai: 'P60D' }, 1)], '2026-06-20', ['2026-07-03']],
])('another due date: %s', (_, niveaux, dateEcheance, days) => {
  const moved = replanLevels(niveaux, { ...INVOICE, dateEcheance });
  expect(moved.map((one) => dateInParis(one.dueAt!))).toEqual(days);
});

test('the same due date changes nothing', () => {
  const niveaux = [plan(DUE, 1), plan(NOTICE, 2)];
  expect(replanLevels(niveaux, INVOICE)).toBe(niveaux);
});

test('in force is of each number the active row with the highest priority', () => {
  const row = (niveau: number, priorite: number, actif = true) => ({ niveau, priorite, actif });
  expect(inForce([row(2, 0), row(1, 0), row(1, 5), row(2, 9, false)])).toEqual([row(1, 5), row(2, 0)]);
});
