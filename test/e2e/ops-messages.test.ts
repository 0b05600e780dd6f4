import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { ground } from '../support/ground.ts';
import { ops, opsUnread } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, issueInvoice } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

test.each(['--invoice', '--payment'])('what %s names is not there: it is told', async (flag) => {
  expect(await ops(stack, 'follow-ups', 'migrate', flag, 'nope')).toEqual({
    code: 1,
    output: 'There is no invoice nope.\n',
  });
});

test('people name invoices by number, payments by their invoice, clients by name, and are asked which', async () => {
  const one = await prepareClient({ referenceClient: 'C-77' });
  const other = await prepareClient();
  const [first, second] = [await issueInvoice(one), await issueInvoice(other)];
  // every organisation has such a number
  expect(first.numero).toBe(second.numero);
  const unclear = await ops(stack, 'follow-ups', 'migrate', '--invoice', first.numero);
  expect(unclear.output).toContain(`Several organisations have an invoice ${first.numero}: `);
  expect(unclear.output).toContain('Say --org.');
  await until('the plan', () => services.relances.get({ id: first.id }));
  await regles.create({ organisationId: one.organisationId, niveau: 1, modele: 'relance' });
  const migrate = (...args: string[]) =>
    ops(stack, 'follow-ups', 'migrate', ...args, '--org', one.organisationId);
  expect((await migrate('--invoice', first.numero)).output).toMatch(
    new RegExp(`^facture ${first.numero}, Zoé Martin: niveau 1 .* -> niveau 1 .relance.`),
  );
  expect((await migrate('--payment', first.numero)).output).toContain(
    `No payment of invoice ${first.numero} was rejected.`,
  );
  const agenda = (name: string) => ops(stack, 'agenda', '--org', one.organisationId, '--client', name);
  const shown = await agenda('zoé  martin');
  expect(shown.output).toContain(`de la facture ${first.numero}, Zoé Martin`);
  expect(shown.output).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  expect((await agenda('C-77')).output).toBe(shown.output);
  await services.clients.create({ organisationId: one.organisationId, nom: 'Martin', prenom: 'Zoé' });
  expect((await agenda('Zoé Martin')).output).toContain('Several clients are called Zoé Martin: ');
  expect((await agenda('Marti')).output).toContain('No client is called Marti. Near to it: ');
}, 300_000);

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
