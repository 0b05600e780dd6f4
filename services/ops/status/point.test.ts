import { EtatPoint } from '@crm/proto/ops/ops';
import { countInWords, durationInWords, measured } from './point.ts';

test.each<[number, string]>([
  [0.0124, '12 ms'],
  [0.9996, '1000 ms'],
  [1, '1 s'],
  [119.4, '119 s'],
  [120, '2 min'],
  [7_199, '120 min'],
  [7_200, '2 h'],
  [200_000, '2 j'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationInWords(seconds)).toBe(words);
});

test.each<[number, EtatPoint]>([
  [0, EtatPoint.BON],
  [4, EtatPoint.BON],
  [5, EtatPoint.ATTENTION],
  [9, EtatPoint.ATTENTION],
  [10, EtatPoint.ALERTE],
])('%d against 5 and 10', (value, etat) => {
  expect(measured(value, { attention: 5, alerte: 10, words: countInWords })).toEqual({
    ...{ etat, mesure: value, valeur: String(value), seuil: '10' },
  });
});

test('without an attention threshold all below the alert is good', () => {
  expect(measured(9, { alerte: 10, words: countInWords }).etat).toBe(EtatPoint.BON);
});
