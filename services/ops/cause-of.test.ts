import { causeOf } from './cause-of.ts';

test.each<[string, string]>([
  ['the mail server does not answer', 'the mail server does not answer'],
  ['550 5.1.1 no mailbox for a.b+c@mail.example.org here', '550 5.1.1 no mailbox for … here'],
  ['invoice 01a22384-03cf-748a-9948-f6d1dcaa9fec was not found', 'invoice … was not found'],
  ['F-2026-0042 is due on 2026-11-28', '… is due on …'],
  ['connect ECONNREFUSED 127.0.0.1:50058', 'connect ECONNREFUSED 127.0.0.1:…'],
  ['at 2026-11-28T19:05:20.123Z:\n  gone', 'at …: gone'],
  ['', ''],
])('%s', (reason, cause) => {
  expect(causeOf(reason)).toBe(cause);
});

test('a cause is at most 300 characters, however long its reason is', () => {
  expect(causeOf('word '.repeat(1_000))).toHaveLength(300);
});
