import { delayInWords } from './delay-in-words.ts';

test.each([
  ['DATE_FACTURE', 'P15D', 'J+15'],
  ['DATE_ECHEANCE', 'P8D', 'échéance+8'],
  ['DATE_FACTURE', 'PT5S', 'J+PT5S'],
])('%s and %s are %s', (base, delai, words) => {
  expect(delayInWords({ base, delai })).toBe(words);
});
