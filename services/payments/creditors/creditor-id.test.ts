import { isCreditorId } from './creditor-id.ts';

// examples from EPC262-08 and the Banque de France
test.each(['FR72ZZZ123456', 'FR72ABC123456', 'DE98ZZZ09999999999', 'AT61ZZZ01234567890'])(
  '%p is a creditor identifier, whatever its business code',
  (text) => expect(isCreditorId(text)).toBe(true),
);

test.each([
  '',
  'FR73ZZZ123456',
  'FR72ZZZ123457',
  'DE98ZZZ09999999998',
  'FR72ZZZ',
  'fr72zzz123456',
  '72FRZZZ1',
])('%p is none', (text) => expect(isCreditorId(text)).toBe(false));
