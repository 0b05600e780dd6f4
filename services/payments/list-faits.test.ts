import { movementsOf } from './list-faits.ts';

const at = (jour: string, statut: 'ENCAISSE' | 'REJETE', tentative = 1) => ({
  ...{ jour, statut, tentative, montant: 500n, motif: statut === 'REJETE' ? 'AM04' : '' },
});

test.each([
  ['collected', [at('2026-03-01', 'ENCAISSE')], [['2026-03-01', 500n]]],
  [
    'collected, returned, collected again',
    [at('2026-03-01', 'ENCAISSE'), at('2026-03-05', 'REJETE'), at('2026-03-20', 'ENCAISSE', 2)],
    [
      ['2026-03-01', 500n],
      ['2026-03-05', -500n],
      ['2026-03-20', 500n],
    ],
  ],
  [
    'rejected twice without being collected: no money',
    [at('2026-03-01', 'REJETE'), at('2026-03-09', 'REJETE', 2)],
    [
      ['2026-03-01', 0n],
      ['2026-03-09', 0n],
    ],
  ],
  [
    'a return that the bank cancels, under the day of the collection: never twice the money',
    [at('2026-03-01', 'ENCAISSE'), at('2026-03-05', 'REJETE'), at('2026-03-01', 'ENCAISSE')],
    [
      ['2026-03-01', 500n],
      ['2026-03-05', -500n],
      ['2026-03-05', 500n],
    ],
  ],
])('%s', (_, mouvements, expected) => {
  expect(movementsOf(mouvements).map(({ jour, montant }) => [jour, montant])).toEqual(expected);
});
