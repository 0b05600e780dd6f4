import { instantInParis } from '@crm/domain';
import { BaseRelance, StatutRelance } from '@crm/proto/relance/relance';
import type { Level } from './due-at.ts';
import { firstState } from './first-state.ts';
import { foresee, type Debit, type Followed } from './foresee.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';

const LEVELS: Level[] = [
  { ...DEFAULT_LEVEL, niveau: 1, delai: 'P15D' },
  { ...DEFAULT_LEVEL, niveau: 2, base: BaseRelance.DATE_ECHEANCE, delai: 'P8D', modele: 'relance' },
  { ...DEFAULT_LEVEL, niveau: 3, base: BaseRelance.DATE_ECHEANCE, delai: 'P15D', modele: 'mise-en-demeure' },
];
/** Every day is open: the calendar is not what is tested here. */
const nextOpenDay = (day: string) => day;
const at = (day: string, heure = '09:00') => instantInParis(`2026-${day}`, heure);

/** An invoice of 2 March, due on 1 April: usually reminded on 17 March, 9 April and 16 April. */
async function invoice(id: string, more: Partial<Followed> = {}, levels = LEVELS): Promise<Followed> {
  const dates = { dateFacture: '2026-03-02', dateEcheance: '2026-04-01' };
  const state = {
    id: `r-${id}`,
    invoiceId: id,
    ...(await firstState(levels, dates, undefined, nextOpenDay)),
  };
  return { state, dates, restantDu: 10_000n, ...more };
}

async function foreseen(
  followed: Followed[],
  from: Date,
  lastSent?: Date,
  merges = false,
): Promise<string[]> {
  const turn = lastSent && { envoi: 'another/1/1', dernierAt: lastSent };
  const until = at('12-31');
  const { coming, ends } = await foresee(followed, { now: from, until, turn, nextOpenDay, merges });
  const lines = coming.map(({ one, level, at: instant, montant, way }) =>
    [
      instant?.toISOString().slice(5, 16) ?? 'undated',
      `${one.state.invoiceId}${level.niveau}`,
      ...(montant === 10_000n ? [] : [String(montant)]),
      ...(way.motif && [way.motif]),
    ].join(' '),
  );
  return [...lines, ...[...ends.values()].map(({ statut }) => statut)];
}

const debit = (dernierMot: Date, encaisse: boolean, montant = 10_000n): Debit => ({
  ...{ montant, dernierMot, encaisse, libelle: 'prélèvement' },
});

test('of levels whose time has passed one goes out, the last of them', async () => {
  expect(await foreseen([await invoice('a')], at('03-02'))).toEqual([
    '03-17T08:00 a1',
    '04-09T07:00 a2',
    '04-16T07:00 a3',
    'ACHEVEE',
  ]);
  expect(await foreseen([await invoice('a')], at('04-12', '20:00'))).toEqual([
    '04-13T07:00 a2',
    '04-16T07:00 a3',
    'ACHEVEE',
  ]);
});

test('reminders of a client keep their distance from each other, across invoices, and from the last one', async () => {
  const two = [await invoice('a'), await invoice('b')];
  expect(await foreseen(two, at('03-02'), at('03-16', '15:00'))).toEqual([
    ...['03-17T14:00 a1', '03-18T14:00 b1'],
    ...['04-09T07:00 a2', '04-10T07:00 b2'],
    ...['04-16T07:00 a3', '04-17T07:00 b3'],
    ...['ACHEVEE', 'ACHEVEE'],
  ]);
  // a distance that ends after closing time ends at the next opening
  const mornings = LEVELS.map((level) => ({ ...level, fermeture: '12:00' }));
  const unlike = [await invoice('a'), await invoice('b', {}, mornings)];
  expect((await foreseen(unlike, at('03-02'), at('03-16', '15:00'))).slice(0, 2)).toEqual([
    ...['03-17T14:00 a1', '03-19T08:00 b1'],
  ]);
});

test('in an organisation that wants one mail, they go out together; a formal notice and a held one do not', async () => {
  const three = [
    await invoice('a'),
    await invoice('b'),
    await invoice('c', { pasAvant: at('03-20', '00:00') }),
  ];
  expect(await foreseen(three, at('03-02'), undefined, true)).toEqual([
    ...['03-17T08:00 a1', '03-17T08:00 b1', '03-20T08:00 c1'],
    ...['04-09T07:00 a2', '04-09T07:00 b2', '04-09T07:00 c2'],
    ...['04-16T07:00 a3', '04-17T07:00 b3', '04-18T07:00 c3'],
    ...['ACHEVEE', 'ACHEVEE', 'ACHEVEE'],
  ]);
});

test('a level waits for the last word of debits that cover the invoice', async () => {
  const from = at('03-02');
  const of = (...debits: Debit[]) => invoice('a', { debits });
  const failed = debit(at('04-20', '12:00'), false);
  // the third is due by then
  expect(await foreseen([await of(failed)], from)).toEqual(['04-20T10:00 a3', 'ACHEVEE']);
  expect(await foreseen([await of(debit(at('04-20', '12:00'), true))], from)).toEqual(['SOLDEE']);
  // a part of the rest is asked for while the other part is debited, and what a failed debit leaves afterwards
  expect(await foreseen([await of(debit(at('04-01'), false, 4_000n))], from)).toEqual([
    '03-17T08:00 a1 6000',
    '04-09T07:00 a2',
    '04-16T07:00 a3',
    'ACHEVEE',
  ]);
  // two that cover it together: the first that fails leaves its part
  const both = [debit(at('03-20', '12:00'), false, 5_000n), debit(at('05-04', '12:00'), true, 5_000n)];
  expect((await foreseen([await of(...both)], from))[0]).toBe('03-20T11:00 a1 5000');
  const anyway = LEVELS.map((level) => ({ ...level, malgrePrelevement: level.niveau === 1 }));
  expect(await foreseen([await invoice('a', { debits: [failed] }, anyway)], from)).toEqual([
    ...['03-17T08:00 a1 0', '04-20T10:00 a3', 'ACHEVEE'],
  ]);
});

test('holds with an end, pauses, and levels that a client does not get', async () => {
  const from = at('03-02');
  expect((await foreseen([await invoice('a', { pasAvant: at('03-25', '00:00') })], from))[0]).toBe(
    '03-25T08:00 a1',
  );
  const optedOut = await invoice('a', {
    wayOf: ({ niveau }) => (niveau < 3 ? { by: 'saut', motif: 'opposition' } : { by: 'courriel', motif: '' }),
  });
  expect(await foreseen([optedOut], from)).toEqual([
    '03-17T08:00 a1 opposition',
    '04-09T07:00 a2 opposition',
    '04-16T07:00 a3',
    'ACHEVEE',
  ]);
  const paused = await invoice('a');
  paused.state.statut = StatutRelance.EN_PAUSE;
  expect(await foreseen([paused], from)).toEqual(['undated a1', 'undated a2', 'undated a3', 'EN_PAUSE']);
});

test('the forecast of a large client lets others be served, and ends when its caller has gone', async () => {
  const followed = await Promise.all(Array.from({ length: 200 }, (_, index) => invoice(String(index))));
  const caller = new AbortController();
  let served = 0;
  const others = setInterval(() => {
    served += 1;
    if (served === 3) caller.abort(new Error('gone'));
  }, 1);
  try {
    const ground = { now: at('03-02'), until: at('12-31'), turn: undefined, nextOpenDay };
    await expect(foresee(followed, { ...ground, signal: caller.signal })).rejects.toThrow('gone');
  } finally {
    clearInterval(others);
  }
});
