import { HistoriqueRelanceServiceService, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { CorrelationId } from '@crm/workflows/search-attributes';
import { v7 } from 'uuid';
import { AMOUNT, ground } from '../support/ground.ts';
import { daysAgo, importInvoices } from '../support/import-invoices.ts';
import { hasTerminals, ops, startOps, startOpsInTerminal } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { countRuns } from '../support/workflows.ts';

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

/** Timers have whole milliseconds, and the two clocks are not read at the same time. */
const TIMERS_EARLY_MS = 50;

const reminders = async (clientId: string) =>
  (
    await stack.sql<{ modele: string }>(
      `SELECT modele FROM email.emails WHERE client_id = $1 AND modele IN ('rappel', 'relance') ORDER BY id`,
      clientId,
    )
  ).map(({ modele }) => modele);

const actionsOf = async (invoiceId: string) =>
  (await historique.list({ invoiceId })).historique
    .map(({ action, niveau, auteur, motif }) => ({ action, niveau, auteur, motif }))
    .reverse();

test('open invoices of before Suivi are taken up once, and what lies in the past is not mailed', async () => {
  const whose = await prepareClient({ email: uniqueAddress() });
  const { organisationId } = whose;
  const other = await services.clients.create({ organisationId, nom: 'Passé', email: uniqueAddress() });
  await regles.create({ organisationId, niveau: 1, modele: 'rappel', ...ALWAYS });
  // twenty days after it was issued, and some hours
  await regles.create({ organisationId, niveau: 2, delai: 'P20DT10H', modele: 'relance', ...ALWAYS });
  const [coming, past, paid] = (await importInvoices(stack, [
    { organisationId, clientId: whose.clientId, numero: 'ANC-1', issued: daysAgo(20) },
    { organisationId, clientId: other.id, numero: 'ANC-2', issued: daysAgo(60) },
    { organisationId, clientId: other.id, numero: 'ANC-3', issued: daysAgo(20) },
  ])) as [string, string, string];
  const received = { organisationId, clientId: other.id, invoiceId: paid, montant: AMOUNT };
  await stack.sql(
    `INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
       montant, statut, date_prevue, updated_at) VALUES ($1, $2, $3, '', '', $4, '', $5, 'ENCAISSE', '2026-01-15', now())`,
    ...[v7(), organisationId, other.id, paid, String(received.montant)],
  );

  // as if its event's handler had not run yet
  const { id: underWay } = await services.factures.create({
    organisationId,
    clientId: other.id,
    montant: AMOUNT,
  });
  await until('the reminder', () => services.relances.get({ id: underWay }));
  await stack.sql(`DELETE FROM relance.relances WHERE invoice_id = $1`, underWay);

  const unasked = await ops(stack, 'adopt', '--org', organisationId);
  expect(unasked).toMatchObject({ code: 1 });
  expect(unasked.output).toMatch(/ANC-1 {2}reste 1 200,00 €: niveau 2 \(relance\) le .*; niveau 1 sauté/);
  expect(unasked.output).toMatch(
    /ANC-2 {2}reste 1 200,00 €: niveau 1 sauté.*niveau 2 sauté.*plus rien à envoyer/,
  );
  expect(unasked.output).not.toContain('ANC-3');
  expect(unasked.output).toContain('2 factures à reprendre, 0 déjà suivies, 1 dont l’événement est en route');
  expect(unasked.output).toContain('il faut --yes');
  expect((await services.relances.list({ organisationId })).relances).toEqual([]);

  const adopted = await ops(stack, 'adopt', '--org', organisationId, '--yes', '--who', 'marie');
  expect(adopted.output).toContain('2 factures reprises');
  const planned = await until('the plan', () => services.relances.get({ id: coming }));
  expect(planned).toMatchObject({ statut: 'EN_ATTENTE', prochainNiveau: 2 });
  expect(planned.niveaux.map(({ motifSaut }) => motifSaut)).toEqual(['antérieur à la reprise', '']);
  await completed(`relance/${past}`);
  const ended = await services.relances.get({ id: past });
  expect(ended).toMatchObject({ statut: 'ACHEVEE', prochainNiveau: 0 });
  expect(ended.motifFin).toBe('tous les niveaux sont antérieurs à la reprise');

  const again = await ops(stack, 'adopt', '--org', organisationId, '--yes', '--who', 'paul');
  expect(again).toMatchObject({ code: 0 });
  expect(again.output).toContain('0 factures à reprendre, 2 déjà suivies');
  // an adopted level is like any other, so the test need not wait for it
  await services.relances.sendNow({ id: coming });
  await completed(`relance/${coming}`);
  expect(await reminders(whose.clientId)).toEqual(['relance']);
  expect(await reminders(other.id)).toEqual([]);
  expect(await actionsOf(coming)).toMatchObject([
    { action: 'ADOPTION', auteur: 'marie' },
    { action: 'SAUT', niveau: 1, auteur: 'marie', motif: 'antérieur à la reprise' },
    { action: 'ENVOI_DEMANDE', niveau: 2 },
    { action: 'ENVOI', niveau: 2 },
  ]);
  expect((await actionsOf(past)).map(({ action }) => action)).toEqual(['ADOPTION', 'SAUT', 'SAUT']);
  for (const id of [coming, past]) expect(await countRuns(await stack.temporal(), `relance/${id}`)).toBe(1);
}, 120_000);

/**
 * Open invoices from before Suivi, each with its own client and organisation, whose first reminder is still
 * to come.
 */
async function openInvoices(count: number) {
  const { organisationId, clientId } = await prepareClient();
  await regles.create({ organisationId, niveau: 1, modele: 'rappel', ...ALWAYS });
  const invoices = Array.from({ length: count }, (_, index) => ({
    ...{ organisationId, clientId, numero: `ANC-${index + 1}`, issued: daysAgo(2) },
  }));
  const ids = await importInvoices(stack, invoices);
  return { organisationId, ids };
}

/** The runs of an organisation's reminders, in the order of their starts. */
async function runsOf(organisationId: string) {
  const runs: { workflowId: string; startedAt: number; by: string }[] = [];
  const query = `OrganisationId = '${organisationId}' AND WorkflowType = 'invoiceReminder'`;
  for await (const run of (await stack.temporal()).workflow.list({ query })) {
    const { workflowId, startTime, typedSearchAttributes } = run;
    const by = typedSearchAttributes.get(CorrelationId)!;
    runs.push({ workflowId, startedAt: startTime.getTime(), by });
  }
  return runs.sort((a, b) => a.startedAt - b.startedAt);
}

const workflowIds = (ids: string[]) => ids.map((id) => `relance/${id}`).sort();

test('--dry-run says what would be done, and does nothing, whatever else is said', async () => {
  const { organisationId, ids } = await openInvoices(3);
  const { output, code } = await ops(stack, 'adopt', '--org', organisationId, '--dry-run', '--yes');
  expect(code).toBe(0);
  expect(output.match(/^ANC-\d {2}reste 1 200,00 €: niveau 1 \(rappel\) le .+$/gm)).toHaveLength(3);
  expect(output).toContain('3 factures à reprendre, 0 déjà suivies');
  expect(output).not.toMatch(/reprises|--yes/);
  const again = await ops(stack, 'adopt', '--org', organisationId, '--dry-run');
  expect(again.output).toBe(output);
  expect(await runsOf(organisationId)).toEqual([]);
  expect((await services.relances.list({ organisationId })).relances).toEqual([]);
  const rows = await stack.sql('SELECT 1 FROM relance.historique WHERE invoice_id = ANY($1)', ids);
  expect(rows).toEqual([]);
}, 120_000);

test('a run that was killed is gone on with by the next: each invoice is taken up once, at the pace that was asked for', async () => {
  const { organisationId, ids } = await openInvoices(24);
  const args = ['adopt', '--org', organisationId, '--yes', '--who', 'marie'];
  const first = await startOps(stack, ...args, '--per-second', '1');
  await until('the first six', async () => {
    if (first.child.exitCode !== null) throw new Error(first.output());
    return (await runsOf(organisationId)).length >= 6;
  });
  first.child.kill('SIGKILL');
  expect((await first.ended).code).toBeNull();
  expect(first.output()).toContain('24 factures à reprendre');
  expect(first.output()).not.toContain('reprises');

  const second = await ops(stack, ...args, '--per-second', '50');
  expect(second.code).toBe(0);
  const runs = await runsOf(organisationId);
  expect(runs.map(({ workflowId }) => workflowId).sort()).toEqual(workflowIds(ids));
  // of the first run all have one correlation, of the second another
  const byFirst = runs.filter(({ by }) => by === runs[0]!.by);
  const bySecond = runs.filter(({ by }) => by === runs.at(-1)!.by);
  expect(byFirst.length).toBeGreaterThanOrEqual(6);
  expect(byFirst.length + bySecond.length).toBe(24);
  expect(second.output).toContain(`${bySecond.length} factures reprises`);
  // the second has its turn when the first was started, and each a second after the one before: later, where the
  // machine is slow, but never earlier
  for (const [index, { startedAt }] of byFirst.entries()) {
    const turn = byFirst[0]!.startedAt + (index - 1) * 1_000;
    expect(startedAt).toBeGreaterThanOrEqual(turn - TIMERS_EARLY_MS);
  }

  await until('the plans', async () => {
    const { relances } = await services.relances.list({ organisationId, pageSize: 50 });
    return relances.length === 24;
  });
  for (const id of ids) {
    expect(await actionsOf(id)).toMatchObject([{ action: 'ADOPTION', auteur: 'marie' }]);
  }
  const third = await ops(stack, ...args);
  expect(third.output).toContain('0 factures à reprendre, 24 déjà suivies');
}, 180_000);

(hasTerminals ? test : test.skip)(
  'asked in a terminal, "non" does nothing and "oui" does it',
  async () => {
    const { organisationId, ids } = await openInvoices(2);
    const answered = async (word: string) => {
      const { child, output, ended } = await startOpsInTerminal(stack, 'adopt', '--org', organisationId);
      await until('the question', () => {
        if (child.exitCode !== null) throw new Error(output());
        return output().includes('Reprendre 2 factures? [o/N]');
      });
      child.stdin!.write(`${word}\n`);
      return await ended;
    };
    const refused = await answered('non');
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('Rien n’a été fait.');
    expect(await runsOf(organisationId)).toEqual([]);
    const agreed = await answered('oui');
    expect(agreed.code).toBe(0);
    expect(agreed.output).toContain('2 factures reprises');
    expect((await runsOf(organisationId)).map(({ workflowId }) => workflowId).sort()).toEqual(
      workflowIds(ids),
    );
  },
  120_000,
);

test('the agenda is printed day by day, and as JSON', async () => {
  const { organisationId, clientId } = await prepareClient();
  const invoice = await services.factures.create({ organisationId, clientId, montant: AMOUNT });
  const planned = await until('the plan', () => services.relances.get({ id: invoice.id }));
  const { numero } = invoice;
  const { output } = await ops(stack, 'agenda', '--org', organisationId);
  expect(output).toMatch(/ {2}09:00 {2}Relance J\+15 de la facture F-[\d-]+, Zoé Martin, 1 200,00 €/);
  expect(output).toContain(`pourquoi: J+15 de la facture ${numero}, niveau 1 (rappel)`);
  expect(output).toContain('arrêt: paiement, avoir');
  const json = (await ops(stack, 'agenda', '--client', clientId, '--json')).output.trim().split('\n');
  const [first] = json
    .map((text) => JSON.parse(text) as { genre: string; datePrevue: string })
    .filter(({ genre }) => genre === 'MAIL_RELANCE');
  expect(first!.datePrevue).toBe(planned.prochaineAt!.toISOString());
}, 60_000);
