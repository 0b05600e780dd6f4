import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, todayInParis } from '@crm/domain';
import { readPdfText } from '@crm/factures/testing/read-pdf-text';
import { eventIdOf } from '@crm/kit';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { ImportServiceService as InvoiceImports } from '@crm/proto/factures/imports';
import { BaseRelance, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);
const imports = stack.client('factures', InvoiceImports);
const folder = mkdtempSync(join(tmpdir(), 'suivi-import-'));

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.close();
});

const fileOf = (text: string): string => {
  const file = join(folder, `${unique('fichier')}.csv`);
  writeFileSync(file, text);
  return file;
};
const french = (day: string) => day.split('-').reverse().join('/');
const TODAY = todayInParis();
const NBSP = '\u00a0';

const mailsTo = async (clientId: string) =>
  (await stack.sql<{ modele: string }>('SELECT modele FROM email.emails WHERE client_id = $1', clientId)).map(
    ({ modele }) => modele,
  );

test('nobody welcomes who was a client before Suivi: no mail, no first follow-up, no notification, no KPI', async () => {
  const { organisationId, gestionnaireId, clientId: fresh } = await prepareClient();
  const { id } = await services.clients.create({
    ...{ organisationId, gestionnaireId, nom: 'Ancien', email: uniqueAddress(), sansBienvenue: true },
  });
  const file = fileOf(`Raison sociale;E-mail\nAncien importé;${uniqueAddress()}\n`);
  const { output, code } = await ops(stack, 'import', 'clients', file, '--org', organisationId, '--apply');
  expect([output, code]).toEqual([expect.stringContaining('Lignes : 1 créée.'), 0]);
  const { clients } = await services.clients.list({ organisationId });
  const imported = clients.find(({ raisonSociale }) => raisonSociale === 'Ancien importé')!;
  expect(imported).toMatchObject({ sansBienvenue: true, type: 'PROFESSIONNEL' });
  for (const clientId of [id, imported.id, fresh]) await completed(eventIdOf('client.created', [clientId]));
  for (const clientId of [id, imported.id]) {
    expect(await mailsTo(clientId)).toEqual([]);
    expect((await services.suivis.list({ clientId })).suivis).toEqual([]);
  }
  // and who is new has all of it
  expect(await mailsTo(fresh)).toEqual(['bienvenue']);
  expect((await services.kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
  const told = await services.notifications.getNotificationsByUser({ utilisateurId: gestionnaireId });
  expect(told.notifications.map(({ reference }) => reference)).toEqual([fresh]);
}, 60_000);

test('open invoices are imported as they are paid, reminded without a burst, and disturb no number', async () => {
  const { organisationId } = await prepareClient();
  await regles.create({ organisationId, niveau: 1, modele: 'rappel' });
  const later = { base: BaseRelance.DATE_ECHEANCE, delai: 'P90D', modele: 'relance' };
  await regles.create({ organisationId, niveau: 2, ...later });
  const client = await services.clients.create({
    ...{
      organisationId,
      nom: 'Épi d’or',
      email: uniqueAddress(),
      referenceClient: 'C-001',
      sansBienvenue: true,
    },
  });
  const issued = french(addDays(TODAY, -70));
  const due = french(addDays(TODAY, -40));
  const line = (numero: string, more: string) => `${numero};C-001;${issued};${due};${more}\n`;
  const head = 'N° facture;Réf. client;Date;Échéance;Total TTC;TVA;Reste à payer\n';
  const good = line('FA-1', `1${NBSP}200,00${NBSP}€;200,00;500,00`) + line('FA-2', '80,00;;80,00');
  const faulty = fileOf(`${head}${good}${line('FA-3', '12.345;;80,00')}Total;;;;1${NBSP}280,00;;\n`);
  const dry = await ops(stack, 'import', 'invoices', faulty, '--org', organisationId);
  expect(dry.code).toBe(1);
  expect(dry.output).toContain('UTF-8, séparateur point-virgule, titres en ligne 1');
  expect(dry.output).toContain(
    'ligne 4, FA-3, C-001 : Total TTC « 12.345 » : ambigu : écrivez 12345,00, ou 12,34 si ce sont des centimes',
  );
  expect(dry.output).toContain('ligne 5, Total : non reprise, ligne de total');
  expect(dry.output).toContain('Lignes : 2 à créer, 1 sans objet, 1 en faute.');
  const refused = await ops(stack, 'import', 'invoices', faulty, '--org', organisationId, '--apply');
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Rien n’a été créé') as string });
  expect((await services.factures.list({ organisationId })).invoices).toEqual([]);

  const file = fileOf(head + good);
  const args = ['import', 'invoices', file, '--org', organisationId, '--apply', '--who', 'marie'];
  const applied = await ops(stack, ...args);
  expect(applied.output).toContain('Lignes : 2 créées.');
  expect(applied.output).toContain('2 factures reprises');
  const { invoices } = await services.factures.list({ organisationId });
  const [first, second] = ['FA-1', 'FA-2'].map((numero) => invoices.find((one) => one.numero === numero)!);
  expect(first).toMatchObject({
    ...{ clientId: client.id, montant: 120_000n, montantRecu: 70_000n, restantDu: 50_000n, statut: 'EMISE' },
    ...{ montantHt: 100_000n, montantRegleAvant: 70_000n },
  });
  expect(second).toMatchObject({ restantDu: 8_000n, montantRecu: 0n });
  const plan = await until('the plan', () => services.relances.get({ id: first!.id }));
  expect(plan).toMatchObject({ statut: 'EN_ATTENTE', prochainNiveau: 2 });
  expect(plan.niveaux.map(({ motifSaut }) => motifSaut)).toEqual(['antérieur à la reprise', '']);
  await until('the other plan', () => services.relances.get({ id: second!.id }));
  expect(await mailsTo(client.id)).toEqual([]);

  const again = await ops(stack, ...args);
  expect(again.output).toContain('Lignes : 0 créées, 2 déjà dans Suivi.');
  expect(again.output).toContain('0 factures à reprendre');
  expect((await services.factures.list({ organisationId })).invoices).toHaveLength(2);

  // what was paid before is no payment of ours: no more than the rest can be debited
  const whose = { organisationId, clientId: client.id, invoiceId: first!.id };
  const payment = await services.payments.create({ ...whose, montant: 50_000n });
  expect(await refusalOf(services.payments.create({ ...whose, montant: 50_001n }))).toMatchObject({
    reason: 'DEPASSEMENT',
  });
  await services.payments.confirm({ id: payment.id });
  expect(await services.factures.get({ id: first!.id })).toMatchObject({ restantDu: 0n, statut: 'PAYEE' });

  // the numbers of Suivi begin where they would have
  const own = await services.factures.create({ organisationId, clientId: client.id, montant: 100n });
  expect(own.numero).toBe(`F-${TODAY.slice(0, 4)}-0001`);
  // a credit note needs the VAT, which only one of the two has
  expect(
    await refusalOf(services.factures.createCreditNote({ invoiceId: second!.id, motif: 'geste' })),
  ).toMatchObject({ reason: 'AVOIR_TVA' });
  const credited = { invoiceId: first!.id, montant: 12_000n, motif: 'geste' };
  expect(await services.factures.createCreditNote(credited)).toMatchObject({ montantTva: 2_000n });
  const pdf: Uint8Array[] = [];
  for await (const { contenu } of services.factures.downloadPdf({ id: second!.id })) pdf.push(contenu);
  expect(readPdfText(Buffer.concat(pdf)).replace(/[\s\u200b]+/g, ' ')).toContain(
    'seul son original fait foi',
  );
}, 120_000);

test('a year whose invoices another software has numbered is not numbered again', async () => {
  const { organisationId, clientId } = await prepareClient({ referenceClient: 'C-1' });
  const contenu = Buffer.from('Facture;Code client;Date;Montant\nF-2019-0001;C-1;01/06/2019;100\n');
  for await (const { lignes } of imports.import({ organisationId, contenu, appliquer: true }))
    expect(lignes.every(({ sort }) => (sort as string) === 'CREEE')).toBe(true);
  const old = { organisationId, clientId, montant: 100n, dateFacture: '2019-07-01' };
  expect(await refusalOf(services.factures.create(old))).toMatchObject({ reason: 'NUMEROTATION' });
  expect((await services.factures.create({ ...old, dateFacture: '2020-01-01' })).numero).toBe('F-2020-0001');
}, 30_000);

test('two thousand invoices, imported twice at once, are there once', async () => {
  const { organisationId } = await prepareClient({ referenceClient: 'C-1' });
  const rows = Array.from({ length: 2_000 }, (_, n) => `N-${n};C-1;01/06/2026;${n + 1},50`);
  const contenu = Buffer.from(`Facture;Code client;Date;Montant\n${rows.join('\n')}\n`);
  const run = async () => {
    const seen: number[] = [];
    for await (const answer of imports.import(
      { organisationId, contenu, appliquer: true },
      { deadlineMs: 60_000 },
    )) {
      seen.push(answer.traitees);
      if (answer.bilan) return { seen, ...answer.bilan };
    }
    throw new Error('no end');
  };
  const [one, other] = await Promise.all([run(), run()]);
  expect(one.creees + other.creees).toBe(2_000);
  expect(one.existantes + other.existantes).toBe(2_000);
  // the progress is told on the way
  expect(one.seen.length).toBeGreaterThan(5);
  const [row] = await stack.sql<{ count: string; sum: string }>(
    'SELECT count(*), sum(montant) FROM factures.factures WHERE organisation_id = $1',
    organisationId,
  );
  expect(row).toEqual({ count: '2000', sum: String((2_000n * 2_001n * 100n) / 2n + 2_000n * 50n) });
}, 90_000);

test('the samples of the documentation are right', async () => {
  const { organisationId } = await prepareClient();
  const run = (...args: string[]) => ops(stack, 'import', ...args, '--org', organisationId);
  const clients = await run('clients', 'docs/import/clients.csv', '--apply');
  expect(clients).toMatchObject({ code: 0, output: expect.stringContaining('2 créées') as string });
  const invoices = await run('invoices', 'docs/import/factures.csv');
  expect(invoices).toMatchObject({ code: 0, output: expect.stringContaining('2 à créer.') as string });
}, 60_000);

test('an organisation named by its code or its id is the one that has clients already', async () => {
  const organisations = stack.client('organisations', OrganisationServiceService);
  const code = unique('org');
  const { id: organisationId } = await organisations.create({ code, nom: 'Atelier' });
  const first = fileOf('Raison sociale\nUn\n');
  const { output } = await ops(stack, 'import', 'clients', first, '--org', unique('nope'));
  expect(output).toContain('n’a encore ni société ni client');
  await services.clients.create({ organisationId, nom: 'Zoé', sansBienvenue: true });
  await ops(stack, 'import', 'clients', first, '--org', code, '--apply');
  const { clients } = await services.clients.list({ organisationId });
  expect(clients.map(({ raisonSociale, nom }) => raisonSociale || nom).sort()).toEqual(['Un', 'Zoé']);
});
