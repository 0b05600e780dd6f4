import { config } from '@crm/kit';
import { penaltyRateInWords, penaltySpec } from './penalties.ts';

const rate = (TAUX_PENALITES?: string) =>
  config(penaltySpec, TAUX_PENALITES === undefined ? {} : { TAUX_PENALITES }).TAUX_PENALITES;

test.each([
  ['12.15', 'taux annuel de 12,15\u00a0%'],
  ['12,1', 'taux annuel de 12,10\u00a0%'],
  ['9', 'taux annuel de 9,00\u00a0%'],
])('%s percent', (percent, words) => expect(penaltyRateInWords(rate(percent))).toBe(words));

test('left out, it is the rate of the law, in words that stay true when the rate changes', () => {
  expect(penaltyRateInWords(rate())).toMatch(
    /^taux appliqué par la Banque centrale européenne .* 10\u00a0points/,
  );
});

test.each(['12,155', '-1', 'x'])('%p is refused, naming the variable', (percent) => {
  expect(() => rate(percent)).toThrow('TAUX_PENALITES');
});
