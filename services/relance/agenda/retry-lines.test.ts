import { GenreEcheance } from '@crm/proto/relance/agenda';
import { RetrySchedule, StatutRetry, StatutTentative } from '@crm/proto/retry/retry';
import { retryLines } from './retry-lines.ts';

test('of an attempt that a person has put on a day the agenda says so, and of no other', () => {
  const [first, second] = ['2026-06-08T08:00:00Z', '2026-06-15T08:00:00Z'].map((at) => new Date(at));
  const schedule = RetrySchedule.fromPartial({
    ...{ paymentId: 'p-1', motifRejet: 'AM04', dateRejet: new Date('2026-06-01T08:00:00Z') },
    ...{ statut: StatutRetry.PLANIFIE, prochaineAt: first, politique: { delaisJours: [5, 10] } },
    tentatives: [
      { numero: 1, datePrevue: first, statut: StatutTentative.PREVUE, demandee: true },
      { numero: 2, datePrevue: second, statut: StatutTentative.PREVUE },
    ],
  });
  const window = { now: new Date('2026-06-02T08:00:00Z'), du: '2026-06-02', au: '2026-06-30' };
  const lines = retryLines([schedule], new Map(), window).filter(
    ({ genre }) => genre === GenreEcheance.REESSAI,
  );
  expect(lines.map(({ pourquoi }) => pourquoi)).toEqual([
    '2e présentation après AM04 du 1er juin 2026, politique J+5, J+10, à la date demandée',
    '3e présentation après AM04 du 1er juin 2026, politique J+5, J+10',
  ]);
});
