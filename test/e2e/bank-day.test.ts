import { eventIdOf } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { EmailServiceService } from '@crm/proto/email/email';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { MandateServiceService, PaymentServiceService, type Payment } from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { camt054, endToEndId, entry, pain002, rejections } from '../support/bank-reports.ts';
import { faultsOfPain008 } from '../support/check-pain008.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent, storedMessages } from '../support/stream.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { outcomesOf, workflowIn } from '../support/workflows.ts';

/** No other test uses it, so everything found with it belongs to this day. */
const IBAN = 'DE89370400440532013000';
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const emails = stack.client('email', EmailServiceService);
const mandates = stack.client('payments', MandateServiceService);
const notifications = stack.client('notifications', NotificationServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const payments = stack.client('payments', PaymentServiceService);
const retries = stack.client('retry', RetryAdminServiceService);
const bank = stack.env.BANK_DIR!;

afterAll(() => stack.close());

let client: Client;
let organisationId: string;
let email: string;
let finance: string;
let mandatId: string;
let paid: Payment, returned: Payment, refused: Payment;
const now = new Date();

beforeAll(async () => {
  finance = unique('finance');
  email = uniqueAddress();
  const organisation = { nom: 'Banque', code: unique('org'), financeIds: [finance] };
  organisationId = (await organisations.create(organisation)).code;
  client = await clients.create({ organisationId, nom: 'Martin', email });
  const mandate = { organisationId, clientId: client.id, iban: IBAN, titulaire: 'Test User' };
  mandatId = (await mandates.create({ ...mandate, dateSignature: '2026-01-15' })).id;
  const planned = (montant: bigint) =>
    payments.create({ organisationId, clientId: client.id, mandatId, montant, datePrevue: '2026-03-09' });
  [paid, returned, refused] = [await planned(10_000n), await planned(75_000n), await planned(30_000n)];
});

const all = () => Promise.all([paid, returned, refused].map(({ id }) => payments.get({ id })));
const states = async () =>
  (await all()).map(({ statut, tentative, motifRejet }) => [statut, tentative, motifRejet]);

async function drop(name: string, content: Buffer): Promise<void> {
  const done = () => readdirSync(join(bank, 'inbox', 'done')).filter((file) => file.endsWith(name)).length;
  const before = done();
  writeFileSync(join(bank, 'inbox', name), content);
  await until(`${name} in done`, () => done() > before);
}

const camt = () =>
  camt054(
    (entry({ id: endToEndId(paid.id) }) + entry({ id: endToEndId(returned.id), reason: 'AM04' })).replaceAll(
      '<Dt>2026-03-10</Dt>',
      `<DtTm>${now.toISOString()}</DtTm>`,
    ),
  );
const pain = () => pain002(rejections([endToEndId(refused.id)], 'AC04'));
const [camtName, painName] = [`${unique('camt054')}.xml`, `${unique('pain002')}.xml`];

test('three payments go to the bank in one file, which its schema accepts', async () => {
  const { nomFichier, nombre, total, contenu } = await payments.emit({
    dateCollecte: '2026-03-09',
    organisationId,
  });
  expect({ nombre, total }).toEqual({ nombre: 3, total: 115_000n });
  const file = readFileSync(join(bank, 'outbox', nomFichier));
  expect(file.equals(contenu)).toBe(true);
  expect(await faultsOfPain008(file)).toBe('');
  expect(await states()).toEqual(Array(3).fill(['EMIS', 1, '']));
}, 120_000);

test('a camt.054 pays one and returns one, a pain.002 rejects the third; events and workflows follow', async () => {
  await drop(camtName, camt());
  expect(await states()).toEqual([
    ['ENCAISSE', 1, ''],
    ['REJETE', 1, 'AM04'],
    ['EMIS', 1, ''],
  ]);
  await drop(painName, pain());
  expect((await states())[2]).toEqual(['REJETE', 1, 'AC04']);
  const nats = await stack.nats();
  const temporal = await stack.temporal();
  for (const [type, { id }] of [
    ['payment.received', paid],
    ['payment.rejected', returned],
    ['payment.rejected', refused],
  ] as const) {
    const eventId = eventIdOf(type, [id, '1', '1']);
    await storedEvent(nats, `crm.events.${type}`, eventId);
    const outcomes = Object.entries(await outcomesOf(temporal, eventId));
    expect(outcomes.length).toBeGreaterThanOrEqual(4);
  }
}, 120_000);

test('the client is told of both, the finance team of all three', async () => {
  const mails = await until('two mails', async () => {
    const found = (await stack.mailsTo(email)).filter(({ text }) => /750,00|300,00/.test(text));
    return found.length >= 2 && found;
  });
  expect(mails).toHaveLength(2);
  const of = (amount: RegExp) => mails.find(({ text }) => amount.test(text))!;
  expect(of(/300,00/).text).toMatch(/nouvelles coordonnées/i);
  expect(of(/750,00/).text).not.toMatch(/nouvelles coordonnées/i);
  const told = await until('three notifications', async () => {
    const { notifications: found } = await notifications.getNotificationsByUser({ utilisateurId: finance });
    return found.length >= 3 && found;
  });
  expect(told.map(({ type, reference }) => [type, reference]).sort()).toEqual(
    [
      ['payment.received', paid.id],
      ['payment.rejected', returned.id],
      ['payment.rejected', refused.id],
    ].sort(),
  );
}, 90_000);

test('AC04 is not tried again; AM04 is, on the planned day, in a file with its second attempt', async () => {
  const stopped = await until('AC04 stops', async () => {
    const schedule = await retries.getSchedule({ id: refused.id });
    return schedule.statut === 'ARRETE' && schedule;
  });
  expect(stopped.eligibilite).toBe('NOT_ELIGIBLE_REASON_CODE');
  const run = `retry/${returned.id}`;
  await workflowIn(await stack.temporal(), run, 'RUNNING');
  const { tentatives, prochaineAt } = await retries.getSchedule({ id: returned.id });
  expect(tentatives.map(({ statut }) => statut)).toEqual(['PREVUE', 'PREVUE', 'PREVUE']);
  expect(prochaineAt!.getTime()).toBeGreaterThan(now.getTime() + 4 * 24 * 3600 * 1000);
  // real time ends here: the planned instant is made to be now
  await stack.sql(
    'UPDATE retry.schedules SET prochaine_at = now(), version = version + 1 WHERE payment_id = $1',
    returned.id,
  );
  await (await stack.temporal()).workflow.getHandle(run).signal(paymentRejectedSignal);
  const again = await until('the second attempt', async () => {
    const payment = await payments.get({ id: returned.id });
    return payment.statut === 'PLANIFIE' && payment.tentative === 2 && payment;
  });
  const { contenu, nombre } = await payments.emit({ dateCollecte: again.datePrevue, organisationId });
  expect(nombre).toBe(1);
  expect(contenu.toString()).toContain(`<EndToEndId>${endToEndId(returned.id, 2)}</EndToEndId>`);
  expect(contenu.toString()).toContain(`<ReqdColltnDt>${again.datePrevue}</ReqdColltnDt>`);
  expect(await faultsOfPain008(contenu)).toBe('');
}, 120_000);

test('both files again change nothing', async () => {
  const [before, told] = [await all(), (await stack.mailsTo(email)).length];
  await drop(camtName, camt());
  await drop(painName, pain());
  const imported = await payments.importBankReport({ nomFichier: 'again.xml', contenu: camt() });
  expect(imported).toMatchObject({ confirmes: 1, rejetes: 1, inconnus: 0, dejaImporte: true });
  expect(await all()).toEqual(before);
  expect(await stack.mailsTo(email)).toHaveLength(told);
}, 60_000);

test('debits come back by each way in which banks name them, told by three messages and once', async () => {
  const organisation = { organisationId: unique('org') };
  const planned = await Promise.all(
    [1_100n, 1_200n, 1_300n, 1_400n, 1_500n].map(async (montant) => {
      const mandate = { ...organisation, clientId: unique('client'), iban: IBAN, titulaire: 'Test User' };
      const { id, rum, clientId } = await mandates.create({ ...mandate, dateSignature: '2026-01-15' });
      const payment = { ...organisation, clientId, mandatId: id, montant, datePrevue: '2026-03-09' };
      return { id: (await payments.create(payment)).id, rum, montant };
    }),
  );
  const { contenu } = await payments.emit({ dateCollecte: '2026-03-09', ...organisation });
  const [, bloc] = /<PmtInfId>([^<]+)/.exec(contenu.toString())!;
  const state = async () =>
    (await Promise.all(planned.map(({ id }) => payments.get({ id })))).map(
      ({ statut, motifRejet, tentative }) => [statut, motifRejet, tentative].join(' '),
    );
  const booked = (amount: string, direction: string, details: string, day = '2026-03-12') =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
     <BookgDt><Dt>${day}</Dt></BookgDt><BkTxCd/><NtryDtls>${details}</NtryDtls></Ntry>`;
  const back = (refs: string) =>
    `<TxDtls><Refs>${refs}</Refs><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls>`;

  // the block as one credit
  const batch = `<Btch><PmtInfId>${bloc}</PmtInfId><NbOfTxs>5</NbOfTxs></Btch>`;
  await drop(`${unique('block')}.xml`, camt054(booked('65.00', 'CRDT', batch, '2026-03-10')));
  expect(await state()).toEqual(Array(5).fill('ENCAISSE  1'));

  // by EndToEndId, InstrId, mandate and amount; in a notification, a day's report and a statement
  const [one, two, three, four] = planned;
  const returns =
    booked('11.00', 'DBIT', back(`<EndToEndId>${endToEndId(one!.id).toUpperCase()}</EndToEndId>`)) +
    booked('12.00', 'DBIT', back(`<InstrId>${endToEndId(two!.id)}</InstrId>`)) +
    booked('13.00', 'DBIT', back(`<MndtId>${three!.rum.toLowerCase()}</MndtId>`));
  const told = camt054(returns).toString();
  const asAnother = (name: string, content: string, statement: string) =>
    Buffer.from(
      told
        .replace('camt.054', name)
        .replaceAll('BkToCstmrDbtCdtNtfctn', content)
        .replaceAll('Ntfctn>', `${statement}>`),
    );
  await drop(`${unique('camt054')}.xml`, Buffer.from(told));
  const returned = ['REJETE AM04 1', 'REJETE AM04 1', 'REJETE AM04 1', 'ENCAISSE  1', 'ENCAISSE  1'];
  expect(await state()).toEqual(returned);
  for (const report of [
    asAnother('camt.052', 'BkToCstmrAcctRpt', 'Rpt'),
    asAnother('camt.053', 'BkToCstmrStmt', 'Stmt'),
  ]) {
    const imported = await payments.importBankReport({ nomFichier: 'again.xml', contenu: report });
    expect(imported).toMatchObject({ rejetes: 3, inconnus: 0, dejaImporte: false });
  }
  expect(await state()).toEqual(returned);

  // a refund in a status report, and one that matches nothing
  const refund = pain002(rejections([endToEndId(four!.id)], 'MD06'));
  expect(await payments.importBankReport({ nomFichier: 'refund.xml', contenu: refund })).toMatchObject({
    rejetes: 1,
  });
  const strange = camt054(booked('15.00', 'DBIT', back('')));
  const { rapportId } = await payments.importBankReport({ nomFichier: 'strange.xml', contenu: strange });
  expect((await payments.getRapport({ id: rapportId })).inconnues).toMatchObject([
    { montant: 1_500n, motifRejet: 'AM04', sens: 'DBIT', portee: 'LIGNE_TRANSACTION' },
  ]);
  expect(await state()).toEqual([...returned.slice(0, 3), 'REJETE MD06 1', 'ENCAISSE  1']);
}, 120_000);

test('the account is nowhere but in the bank’s files', async () => {
  /** Compact, and its digits alone. */
  const account = new RegExp(`${IBAN}|${IBAN.slice(4)}`);
  const clean = (where: string, text: string) => {
    expect([where, account.exec(text)?.[0]]).toEqual([where, undefined]);
  };
  const seen: string[] = [];
  for (const { data, subject } of await storedMessages(await stack.nats(), 'crm.events.>')) {
    clean(`event ${subject}`, Buffer.from(data).toString('latin1'));
    seen.push(Buffer.from(data).toString('latin1'));
  }
  expect(seen.some((text) => text.includes(refused.id))).toBe(true);
  const logs = join(stack.env.DATA_DIR!, 'logs');
  for (const name of readdirSync(logs)) clean(`log ${name}`, readFileSync(join(logs, name), 'latin1'));

  const { workflow } = await stack.temporal();
  let runs = 0;
  for await (const { workflowId, runId, searchAttributes, memo } of workflow.list({
    query: `ClientId = '${client.id}'`,
  })) {
    const handle = workflow.getHandle(workflowId, runId);
    clean(`attributes of ${workflowId}`, JSON.stringify([searchAttributes, memo]));
    clean(`history of ${workflowId}`, asText(await handle.fetchHistory()));
    runs += 1;
  }
  expect(runs).toBeGreaterThanOrEqual(5);

  const rows = await stack.sql<{ row: string }>(`
    SELECT d::text || encode(d.payload, 'escape') AS row FROM events.dead_letters d UNION ALL
    SELECT encode(payload, 'escape') FROM events.outbox UNION ALL
    SELECT encode(request, 'escape') || encode(coalesce(response, ''), 'escape') FROM events.idempotency_keys UNION ALL
    SELECT r::text FROM payments.bank_reports r UNION ALL SELECT t::text FROM payments.report_transactions t`);
  for (const { row } of rows) clean('a row', row);

  const { rapports } = await payments.listRapports({ pageSize: 200 });
  const answers = [
    ...[
      await mandates.get({ id: mandatId }),
      await mandates.list({ organisationId, pageSize: 10 }),
      await all(),
    ],
    ...[rapports, await Promise.all(rapports.slice(0, 20).map(({ id }) => payments.getRapport({ id })))],
    ...[await retries.getSchedule({ id: returned.id }), await clients.get({ id: client.id })],
    await notifications.getNotificationsByUser({ utilisateurId: finance }),
    ...[await emails.getEmails({ organisationId, pageSize: 50 }), await stack.mailsTo(email)],
  ];
  answers.forEach((answer, at) => clean(`answer ${at}`, asText(answer)));
  expect(asText(answers)).toContain('DE89 **** 000');
}, 90_000);

/** Everything in it, bytes as the text that they may be. */
const asText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return String(part);
    const bytes = (part as { type?: string; data?: number[] } | null)?.type === 'Buffer';
    if (bytes) return Buffer.from((part as { data: number[] }).data).toString('latin1');
    return part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : part;
  });
