import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, todayInParis } from '@crm/domain';
import { parse } from 'csv-parse/sync';
import { AMOUNT, ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient } = ground(stack);

afterAll(() => stack.close());

const TODAY = todayInParis();
const french = (day: string) => day.split('-').reverse().join('/');
const rowsOf = (text: string) => {
  expect(text.startsWith('\ufeff')).toBe(true);
  return parse<Record<string, string>>(text.slice(1), { delimiter: ';', columns: true });
};

test('agenda, balance and history are exported for a French spreadsheet, with names and without a UUID', async () => {
  const { organisationId, clientId } = await prepareClient({ referenceClient: 'C-0042' });
  const formula = await services.clients.create({
    organisationId,
    raisonSociale: '=cmd|calc',
    siren: '732829320',
  });
  const issue = (client: string, days: number) =>
    services.factures.create({
      ...{ organisationId, clientId: client, montant: AMOUNT },
      ...{ dateFacture: addDays(TODAY, days - 30), dateEcheance: addDays(TODAY, days) },
    });
  const coming = await issue(clientId, 0);
  const late = await issue(clientId, -31);
  const old = await issue(formula.id, -200);
  const paid = await services.payments.create({
    organisationId,
    clientId,
    invoiceId: late.id,
    montant: 20_050n,
  });
  await services.payments.confirm({ id: paid.id });
  for (const { id } of [coming, late, old]) await until('the plan', () => services.relances.get({ id }));
  await services.relances.pause({ id: coming.id, motif: '+promesse; "lundi"' });

  const run = async (...args: string[]) => {
    const { output, code } = await ops(stack, 'export', ...args, '--org', organisationId, '--csv');
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    expect(output).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    return rowsOf(output);
  };
  const balance = await run('balance');
  expect(balance).toHaveLength(3);
  expect(balance.find(({ Facture }) => Facture === late.numero)).toEqual({
    ...{ 'Code client': 'C-0042', Client: 'Zoé Martin', SIREN: '', Facture: late.numero },
    ...{ Date: french(addDays(TODAY, -61)), Échéance: french(addDays(TODAY, -31)), 'Jours de retard': '31' },
    ...{ 'Total TTC': '1200,00', Avoirs: '0,00', 'Déjà réglé': '200,50', 'Restant dû': '999,50' },
    ...{ 'Non échu': '', '1 à 30 jours': '', '31 à 60 jours': '999,50' },
    ...{ '61 à 90 jours': '', 'Plus de 90 jours': '' },
  });
  const byClient = await run('balance', '--by-client');
  expect(byClient).toMatchObject([
    { Client: "'=cmd|calc", 'Factures ouvertes': '1', 'Plus de 90 jours': '1200,00', SIREN: '732829320' },
    { Client: 'Zoé Martin', 'Factures ouvertes': '2', 'Non échu': '1200,00', 'Restant dû': '2199,50' },
  ]);
  const history = await run('history', '--client', 'C-0042');
  expect(history.find(({ Motif }) => Motif!.includes('promesse'))).toMatchObject({
    ...{ Date: french(TODAY), Facture: coming.numero, Client: 'Zoé Martin' },
    ...{ Décision: 'Relances mises en pause', Motif: `'+promesse; "lundi"` },
  });
  const file = join(tmpdir(), `${unique('agenda')}.csv`);
  const { output } = await ops(stack, 'export', 'agenda', '--org', organisationId, '--out', file);
  expect(output.trim()).toBe(file);
  const agenda = rowsOf(readFileSync(file, 'utf8'));
  rmSync(file);
  expect(agenda.find(({ Facture }) => Facture === coming.numero)).toMatchObject({
    ...{
      Genre: 'mail relance',
      Client: 'Zoé Martin',
      Montant: '1200,00',
      'En pause jusqu’au': 'nouvel ordre',
    },
  });
}, 240_000);
