import { missingNotice, wasPlannedTooLate, type Told } from './notice.ts';

const DAY = '2026-12-15';
const debit = (changes: Partial<Told> = {}): Told => ({
  ...{ tentative: 1, scheduleId: '', datePrevue: DAY, prenotificationJours: 14, rum: 'RUM-1' },
  ...{ prenotifiePour: DAY, prenotifieAt: new Date('2026-12-01T22:59:00Z') },
  createdAt: new Date('2026-11-01T10:00:00Z'),
  ...changes,
});

test.each([
  ['told 14 days before', {}],
  [
    'told as late as the mandate agrees on',
    { prenotificationJours: 1, prenotifieAt: new Date('2026-12-14T08:00:00Z') },
  ],
  ['told before the instant was kept', { prenotifieAt: null }],
  ['told, and presented later', { datePrevue: '2026-12-10', prenotifiePour: '2026-12-10' }],
  ['told by a person of the very day', { datePrevue: '2026-10-01' }],
  ['presented again after a rejection', { tentative: 2, prenotifiePour: '' }],
])('%s: notice was kept', (_, changes) => {
  expect(missingNotice(debit(changes), DAY)).toBeUndefined();
});

test.each([
  ['told of none', { prenotifiePour: '' }, 'n’a pas été prévenu'],
  ['moved since', { prenotifiePour: '2026-12-08' }, 'n’a pas été prévenu'],
  // midnight in Paris is at 23:00 UTC
  ['told a day late', { prenotifieAt: new Date('2026-12-01T23:00:00Z') }, 'pas avant le 16 décembre 2026'],
  [
    'told of a day long past',
    { datePrevue: '2026-11-10', prenotifiePour: '2026-11-10', prenotifieAt: null },
    '30 jours',
  ],
])('%s: it was not', (_, changes, why) => {
  expect(missingNotice(debit(changes), DAY)).toContain(why);
});

test('only a single debit whose collection had passed when it was planned was planned too late', () => {
  const late = { createdAt: new Date('2026-12-16T08:00:00Z') };
  expect(wasPlannedTooLate(debit(late), DAY)).toBe(true);
  expect(wasPlannedTooLate(debit({ ...late, scheduleId: 's' }), DAY)).toBe(false);
  expect(wasPlannedTooLate(debit({ createdAt: new Date('2026-12-15T08:00:00Z') }), DAY)).toBe(false);
});
