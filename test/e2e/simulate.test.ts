import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { todayInParis } from '@crm/domain';
import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import {
  SimulateRequest,
  SimulationServiceService,
  type BilanSimulation,
  type FactureSimulee,
} from '@crm/proto/relance/simulation';
import { local } from '@crm/tools/ops/words';
import { Temporal } from 'temporal-polyfill';
import { ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, issueInvoice, planPayment } = ground(stack);
const simulations = stack.client('relance', SimulationServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

async function simulate(request: object): Promise<{ factures: FactureSimulee[]; bilan: BilanSimulation }> {
  const factures: FactureSimulee[] = [];
  let bilan: BilanSimulation | undefined;
  const answers = simulations.simulate(SimulateRequest.fromPartial(request), { deadlineMs: 60_000 });
  for await (const { contenu } of answers) {
    if (contenu?.$case === 'facture') factures.push(contenu.value);
    if (contenu?.$case === 'bilan') bilan = contenu.value;
  }
  return { factures, bilan: bilan! };
}

const reminders = ({ prevision }: FactureSimulee) =>
  prevision!.echeances.filter(({ genre }) => genre === 'MAIL_RELANCE');

test('what an invoice will send and have presented, by what is planned and by other rules', async () => {
  const whose = await prepareClient();
  const invoice = await issueInvoice(whose);
  const { id } = await planPayment(whose, { invoiceId: invoice.id });
  await services.payments.reject({ id, motifRejet: 'AM04' });
  await until('the plan', () => services.relances.get({ id: invoice.id }));
  const schedule = await until('the retries', () => services.retries.getSchedule({ id }));

  const { organisationId } = whose;
  const { factures, bilan } = await simulate({ facture: invoice.numero, organisationId, au: inDays(60) });
  const [facture] = factures as [FactureSimulee];
  expect(facture).toMatchObject({ invoiceId: invoice.id, numero: invoice.numero, restantDu: 120_000n });
  expect(facture.attente).toMatch(/^nouvelle présentation du prélèvement de 1.200,00.€ prévue/);
  // who is about to be debited is reminded once the last presentation has failed
  const [reminder, ...more] = reminders(facture);
  expect(more).toEqual([]);
  const [retries] = facture.prevision!.reessais;
  expect(retries).toMatchObject({ paymentId: id, statut: 'EPUISE' });
  expect(reminder!.datePrevue!.getTime()).toBeGreaterThanOrEqual(retries!.finAt!.getTime());
  expect(reminder!.condition).toMatch(/si la nouvelle présentation du prélèvement de .* échoue$/);
  const presented = facture.prevision!.echeances.filter(({ genre }) => genre === 'REESSAI');
  expect(presented.map(({ datePrevue, numero }) => [numero, datePrevue])).toEqual(
    schedule.tentatives.map(({ datePrevue, numero }) => [numero + 1, datePrevue]),
  );
  expect(presented.map(({ condition }) => condition !== '')).toEqual([false, true, true]);
  expect(bilan.totaux!.total).toMatchObject({ relances: 1, montantRelances: 120_000n, prelevements: 3 });
  // if the next presentation is collected, nothing is sent
  const paid = await simulate({ facture: invoice.id, prelevementsEncaisses: true });
  expect(reminders(paid.factures[0]!)).toEqual([]);
  expect(paid.factures[0]!.prevision!.statut).toBe('SOLDEE');

  const file = join(mkdtempSync(join(tmpdir(), 'suivi-')), 'other.json');
  writeFileSync(file, JSON.stringify({ niveaux: [{ delai: 'P50D', modele: 'relance' }] }));
  const args = ['--invoice', invoice.numero, '--org', organisationId, '--until', inDays(60)];
  const { output, code } = await ops(stack, 'simulate', ...args, '--compare', file);
  expect([code, output]).toEqual([0, expect.stringContaining('Différence:')]);
  expect(output).toContain(`Facture ${invoice.numero}, `);
  const [first] = schedule.tentatives;
  expect(output).toMatch(
    new RegExp(`${local(first!.datePrevue!)}  2e .* remise à la banque, 1 200,00 €: rejet du`),
  );
  // a payment has no number: it is called by its amount and day
  expect(output).toMatch(
    /Fin pour la nouvelle présentation du prélèvement de 1.200,00.€ du .*: .*, EPUISE, /,
  );
  expect(output).not.toContain(id);
  const [, difference] = output.split('Différence:\n') as [string, string];
  expect(difference).toMatch(/^ {4}Relance J\+50 de la facture .* : le .* → le /);
  expect(difference).not.toContain('banque');
  const supposed = ['--date-facture', todayInParis(), '--until', inDays(60), '--json'];
  const lines = (await ops(stack, 'simulate', ...supposed)).output.trim().split('\n');
  expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([['facture'], ['bilan']]);
}, 240_000);

test('all open invoices of an organisation: a client gets one reminder a day, and two policies are compared', async () => {
  const whose = await prepareClient();
  const { organisationId, clientId } = whose;
  await regles.create({ organisationId, delai: 'P10D' });
  const invoices = [await issueInvoice(whose), await issueInvoice(whose), await issueInvoice(whose)];
  for (const { id } of invoices) await until('the plan', () => services.relances.get({ id }));
  await services.factures.markAsPaid({ id: invoices[2]!.id });
  await services.clients.update({ id: clientId, sansRelance: true });
  const { factures, bilan } = await simulate({
    ...{ organisationId, au: inDays(30) },
    comparee: { niveaux: [{ delai: 'P12D' }, { delai: 'P20D', modele: 'mise-en-demeure' }] },
  });
  const open = factures.filter(({ invoiceId }) => invoiceId !== '');
  expect(open.map(({ invoiceId }) => invoiceId).sort()).toEqual([invoices[0]!.id, invoices[1]!.id].sort());
  expect(open[0]!.client).not.toBe('');
  // people are called by their names, also where it is about no invoice
  const lines = factures.flatMap(({ prevision }) => prevision!.echeances);
  expect(lines.map(({ libelle }) => libelle)).toContain(`Tâche de premier suivi de ${open[0]!.client}`);
  expect(JSON.stringify(lines.map(({ libelle, pourquoi }) => [libelle, pourquoi]))).not.toContain(clientId);
  expect(lines.every(({ clientNom }) => clientNom === open[0]!.client)).toBe(true);
  // who does not want reminders gets none; each invoice's turn comes all the same
  const [one] = reminders(open[0]!);
  expect(one!.motifSaut).toBe('le client ne souhaite pas de relance');
  expect(bilan).toMatchObject({ factures: 2, deplacees: 2 });
  await services.clients.update({ id: clientId, sansRelance: false });
  const again = await simulate({ organisationId, au: inDays(30) });
  const times = again.factures
    .flatMap((facture) => reminders(facture).map(({ datePrevue }) => datePrevue!.getTime()))
    .sort((a, b) => a - b);
  expect(times).toHaveLength(2);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(24 * 3_600_000);
  expect(again.bilan.totaux!.jours.map(({ relances }) => relances).filter(Boolean)).toEqual([1, 1]);
}, 240_000);

test('an invoice that does not exist gets no burst of the past; what is wrong is named, all at once', async () => {
  const { organisationId } = await prepareClient();
  await regles.create({ organisationId, delai: 'P5D' });
  await regles.create({ organisationId, niveau: 2, delai: 'P15D', modele: 'relance' });
  const back = { dateFacture: inDays(-60), dateEcheance: inDays(-30), montant: 5_000n };
  const { factures } = await simulate({ organisationId, factureSupposee: back });
  expect(reminders(factures[0]!).map(({ numero, montant }) => [numero, montant])).toEqual([[2, 5_000n]]);

  const fields = async (request: object) =>
    (await refusalOf(simulate(request))).violations.map(({ field }) => field);
  expect(await fields({})).toEqual(['facture']);
  expect(
    await fields({
      ...{ facture: 'F-1', clientId: 'c', au: '2020-01-01' },
      politique: { niveaux: [{ ouverture: '20:00' }, { niveau: 1 }], reessais: { delaisJours: [3, 2] } },
      comparee: { niveaux: [{ fermeture: '08:00' }] },
    }),
  ).toEqual([
    'clientId',
    'au',
    'politique.niveaux[0].fermeture',
    'politique.niveaux[1].niveau',
    'politique.reessais.delaisJours',
    'comparee.niveaux[0].fermeture',
  ]);
  expect(await refusalOf(simulate({ facture: 'F-nulle-part' }))).toMatchObject({
    code: 'NOT_FOUND',
    violations: [expect.objectContaining({ field: 'facture' })],
  });
  const unknown = await ops(stack, 'simulate', '--invoice', 'F-nulle-part');
  expect([unknown.code, unknown.output]).toEqual([1, expect.stringContaining('--invoice F-nulle-part: ')]);
}, 120_000);

test('retries of a payment that is rejected, or would be', async () => {
  const simulateRetries = (...args: string[]) => ops(stack, 'simulate', ...args);
  const rejet = ['--rejet', '2026-03-02T14:30', '--until', inDays(1)];
  const { output } = await simulateRetries(...rejet, '--paid-at-attempt', '2');
  expect(output).toContain(
    '2026-03-09 10:00  2e présentation, 1 000,00 €: rejet du 2026-03-02 + 5 jours à 10:00, reporté au premier jour ouvré',
  );
  expect(output).toMatch(/Fin le 2026-03-.*: ENCAISSE, nouvelle présentation payée\.$/m);
  expect((await simulateRetries(...rejet, '--motif', 'MD01')).output).toMatch(
    /^Rien d’ici .*\nFin le .*: ARRETE/,
  );
  const unknown = await simulateRetries('--payment', 'p-nulle-part', '--until', inDays(5));
  expect([unknown.code, unknown.output.trim()]).toEqual([
    1,
    '--payment p-nulle-part: there is no such payment.',
  ]);
}, 120_000);
