import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dateInParis, todayInParis } from '@crm/domain';
import { local } from '@crm/tools/ops/words';
import { Temporal } from 'temporal-polyfill';
import { ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, issueInvoice, planPayment } = ground(stack);

afterAll(() => stack.close());

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

test('what an invoice will send and have presented is printed in order, each with the rule that sets it', async () => {
  const whose = await prepareClient();
  const invoice = await issueInvoice(whose);
  const { id } = await planPayment(whose, { invoiceId: invoice.id });
  await services.payments.reject({ id, motifRejet: 'AM04' });
  await until('the plan', () => services.relances.get({ id: invoice.id }));
  const schedule = await until('the retries', () => services.retries.getSchedule({ id }));
  const other = join(mkdtempSync(join(tmpdir(), 'suivi-')), 'other.json');
  writeFileSync(other, JSON.stringify({ niveaux: [{ delai: 'P40D', modele: 'rappel' }] }));

  const args = ['--invoice', invoice.id, '--until', inDays(60), '--compare', other];
  const { output, code } = await ops(stack, 'simulate', ...args);
  expect([code, output]).toEqual([0, expect.stringContaining('Différence:')]);
  const [one, , difference] = output.split(/\nAvec .*|\nDifférence:/) as [string, string, string];
  const lines = one.split('\n').filter((line) => /^\d{4}-/.test(line));
  const times = lines.map((line) => line.slice(0, 16));
  expect(times).toEqual(times.toSorted());
  // who is about to be debited is not reminded
  expect(one).toMatch(/^Rien ne part avant que ceci ne soit levé: nouvelle présentation du prélèvement/m);
  const [first] = schedule.tentatives;
  expect(lines).toContainEqual(
    `${local(first!.annonceAt!)}  mail avant-reessai, présentation n° 1 du paiement ${id}: 2 jours avant`,
  );
  const rejected = dateInParis(schedule.dateRejet!);
  expect(lines).toContainEqual(
    expect.stringContaining(
      `${local(first!.datePrevue!)}  présentation n° 1 du paiement ${id}, 1 200,00 €: rejet du ${rejected} + 5 jours à 10:00`,
    ),
  );
  for (const [numero, days] of [10, 20].entries())
    expect(one).toMatch(
      new RegExp(`présentation n° ${numero + 2} du paiement ${id}, .* \\+ ${days} jours à 10:00`),
    );
  expect(one).toMatch(new RegExp(`Paiement ${id}: fin le .*: EPUISE, `));
  expect(difference).toMatch(/^\+ .* niveau 1, rappel$/m);
  expect(difference).not.toContain('présentation');
  const supposed = await ops(stack, 'simulate', '--date-facture', todayInParis(), '--until', inDays(60));
  expect(supposed.output).toMatch(/rappel, niveau 1, .*: DATE_FACTURE \+ P15D, dû le/);
}, 240_000);
