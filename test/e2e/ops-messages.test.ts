import { ground } from '../support/ground.ts';
import { ops, opsUnread } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';

const stack = sharedStack();
const { prepareClient } = ground(stack);

afterAll(() => stack.close());

test.each([
  ['--invoice', 'has no reminders: say an invoice’s id, not its number.'],
  ['--payment', 'has no retries: say the id of a payment that was rejected.'],
])('what %s names is not there: it is told by its flag', async (flag, why) => {
  expect(await ops(stack, 'follow-ups', 'migrate', flag, 'nope')).toEqual({
    code: 1,
    output: `${flag} nope ${why}\n`,
  });
});

test('one whose reader has gone ends without a word', async () => {
  const { organisationId } = await prepareClient();
  const SIGPIPE = 141;
  expect(await opsUnread(stack, 'agenda', '--org', organisationId)).toEqual({ output: '', code: SIGPIPE });
});

test('an agenda ends with the calendar', async () => {
  const { organisationId } = await prepareClient();
  const from = (day: string) => ops(stack, 'agenda', '--org', organisationId, '--from', day);
  expect(await from('2199-12-30')).toEqual({ code: 0, output: 'Rien du 2199-12-30 au 2199-12-30.\n' });
  const tooLate = '--from 2199-12-31 is too late: an agenda ends on 2199-12-30.\n';
  expect(await from('2199-12-31')).toEqual({ code: 1, output: tooLate });
  const none = '--from 9999-12-31 is no date: say YYYY-MM-DD, from 1900-01-01 to 2199-12-31.\n';
  expect(await from('9999-12-31')).toEqual({ code: 1, output: none });
});
