import { BaseRelance, NiveauRelance } from '@crm/proto/relance/relance';
import { dueAt, type Level } from './due-at.ts';
import { migrateLevels } from './migrate-levels.ts';
import { DEFAULT_LEVEL, inForce } from './regles-relance.ts';

const INVOICE = { dateFacture: '2026-05-04', dateEcheance: '2026-06-03' };
const NOW = new Date('2026-05-12T08:00:00Z');
const level = (niveau: number, delai: string): Level => ({ ...DEFAULT_LEVEL, niveau, delai });
const planned = (niveau: number, delai: string, more: Partial<NiveauRelance> = {}) =>
  NiveauRelance.fromPartial({
    ...level(niveau, delai),
    dueAt: dueAt(level(niveau, delai), INVOICE),
    ...more,
  });
const SENT = { envoyeeAt: new Date('2026-05-19T07:00:00Z') };
const told = (niveaux: NiveauRelance[]) => niveaux.map(({ niveau, delai }) => `${niveau} ${delai}`);
const move = (
  niveaux: NiveauRelance[],
  levels: Level[],
  { isSingle = false, begun = 0, invoice = INVOICE } = {},
) => migrateLevels(niveaux, { levels, isSingle }, invoice, begun, NOW);

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

test('one whose mail may be out stays, and is not planned anew', () => {
  const before = [planned(1, 'P15D'), planned(2, 'P30D')];
  const moved = move(before, [level(1, 'P20D'), level(2, 'P40D')], { begun: 1 });
  expect(told(moved)).toEqual(['1 P15D', '2 P40D']);
});

test('one that was asked for is sent at once all the same', () => {
  const askedAt = new Date('2026-05-10T12:00:00Z');
  const moved = move([planned(1, 'P15D', { dueAt: askedAt })], [level(1, 'P20D')]);
  expect(moved[0]).toMatchObject({ delai: 'P20D', dueAt: askedAt });
});

test('one is not taken for asked for because the due date of its invoice was put off', () => {
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

test('in force is of each number the active row with the highest priority', () => {
  const row = (niveau: number, priorite: number, actif = true) => ({ niveau, priorite, actif });
  expect(inForce([row(2, 0), row(1, 0), row(1, 5), row(2, 9, false)])).toEqual([row(1, 5), row(2, 0)]);
});
