import { NiveauRelance } from '@crm/proto/relance/relance';
import { StatutRelance } from '@crm/proto/relance/relance';
import { levelAt } from './level-at.ts';
import { nextSend } from './plan-next-send.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';

/** Saturdays and Sundays are closed; so are 14 and 15 July. */
const nextOpenDay = (date: string) => {
  const day = new Date(date);
  const closed = () => [0, 6].includes(day.getUTCDay()) || ['07-14', '07-15'].includes(iso(day).slice(5));
  while (closed()) day.setUTCDate(day.getUTCDate() + 1);
  return iso(day);
};
const iso = (day: Date) => day.toISOString().slice(0, 10);
/** In summer, Paris is two hours ahead. */
const at = (time: string) => new Date(`2026-${time.replace(' ', 'T')}:00+02:00`);
type Sort = Partial<NiveauRelance>;

/** Levels due on days of 2026 at midnight in Paris, in opening hours and a day apart unless told otherwise. */
const levels = (...due: [day: string, more?: Sort][]) =>
  due.map(([day, more], index) =>
    NiveauRelance.fromPartial({ ...DEFAULT_LEVEL, niveau: index + 1, dueAt: at(`${day} 00:00`), ...more }),
  );

const SENT = (time: string): Sort => ({ envoyeeAt: at(time) });
// 1 June is a Monday
const MONTHLY = levels(['06-01'], ['06-15'], ['06-30']);
const DAILY = levels(['06-06'], ['06-07'], ['06-08']);

test.each<[string, NiveauRelance[], string, number | undefined]>([
  ['the first, when it is due', MONTHLY, '06-01 09:00', 1],
  ['the first, an hour late', MONTHLY, '06-01 10:00', 1],
  ['the first, up to when the next one is due', MONTHLY, '06-12 18:59', 1],
  ['not because the next one is due at night: it would go out at nine', MONTHLY, '06-15 03:00', 1],
  ['the second, once it would have gone out', MONTHLY, '06-15 09:00', 2],
  ['the last, weeks late: an outage, an invoice of before, a long pause', MONTHLY, '08-20 09:00', 3],
  // Saturday, Sunday and Monday: they would have gone out on Monday, Tuesday and Wednesday
  ['the first of three of a weekend', DAILY, '06-08 09:00', 1],
  ['the first, some hours late', DAILY, '06-08 18:00', 1],
  ['the second, had the first gone out in time', DAILY, '06-09 09:00', 2],
  ['the third', DAILY, '06-10 09:00', 3],
  ['the first after closing days', levels(['07-14'], ['07-15']), '07-16 09:00', 1],
  [
    'each at its distance from the one that was sent late',
    levels(['06-01', SENT('06-10 09:00')], ['06-10'], ['06-11']),
    '06-11 09:00',
    2,
  ],
  [
    'one that was asked for gives way to none',
    levels(['06-01', { demandee: true }], ['06-15']),
    '08-20 09:00',
    1,
  ],
  [
    'nor is one passed by that comes before it',
    levels(['06-01'], ['06-15', { demandee: true }], ['06-30']),
    '08-20 09:00',
    2,
  ],
  [
    'levels that are done are not counted',
    levels(['06-01', { motifSaut: 'accord' }], ['06-15'], ['06-30']),
    '06-16 09:00',
    2,
  ],
  [
    'of two that would go out at the same time one does',
    levels(['06-06', { espacement: 'PT0S' }], ['06-07', { espacement: 'PT0S' }]),
    '06-08 09:00',
    2,
  ],
  ['none where all are done', levels(['06-01', { motifSaut: 'accord' }]), '06-16 09:00', undefined],
])('%s', async (_, niveaux, time, niveau) => {
  expect((await levelAt(niveaux, at(time), nextOpenDay))?.niveau).toBe(niveau);
});

test('one whose mail may be out is finished first', async () => {
  expect((await levelAt(MONTHLY, at('08-20 09:00'), nextOpenDay, 1))!.niveau).toBe(1);
});

const STATE = { statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '', motifFin: '', cycle: 1 };
/** What is planned at an instant, after the client's last reminder. */
async function planned(
  niveaux: NiveauRelance[],
  now: string,
  more: { pauseJusquAu?: string; last?: string } = {},
) {
  const { pauseJusquAu = '', last } = more;
  const statut = pauseJusquAu ? StatutRelance.EN_PAUSE : StatutRelance.EN_ATTENTE;
  const state = { ...STATE, statut, pauseJusquAu, niveaux };
  const lastSentAt = () => Promise.resolve(last ? at(last) : undefined);
  const next = await nextSend(state, { now: at(now), lastSentAt, nextOpenDay });
  return [next.prochainNiveau, next.prochaineAt];
}

test.each<[string, Parameters<typeof planned>, [number, string]]>([
  ['in time', [MONTHLY, '05-20 12:00'], [1, '06-01 09:00']],
  [
    'late on a Saturday, of which the next one is due by Monday',
    [levels(['06-01'], ['06-08']), '06-06 12:00'],
    [2, '06-08 09:00'],
  ],
  ['a pause of a week', [MONTHLY, '05-20 12:00', { pauseJusquAu: '2026-06-08' }], [1, '06-08 09:00']],
  [
    'a pause until the next one is due',
    [MONTHLY, '05-20 12:00', { pauseJusquAu: '2026-06-16' }],
    [2, '06-16 09:00'],
  ],
  [
    'the distance to another invoice’s reminder',
    [MONTHLY, '06-01 09:00', { last: '06-01 09:00' }],
    [1, '06-02 09:00'],
  ],
])('planned: %s', async (_, given, [niveau, time]) => {
  expect(await planned(...given)).toEqual([niveau, at(time)]);
});
