import { dateInParis, todayInParis } from '@crm/domain';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { MandateServiceService, PaymentServiceService, type Payment } from '@crm/proto/payments/payments';
import {
  CreatePolicyRequest,
  UpdatePolicyRequest,
  RetryAdminServiceService,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { ClientId, OrganisationId, PaymentId } from '@crm/workflows/search-attributes';
import { Temporal } from 'temporal-polyfill';
import { camt054, endToEndId, entry } from '../support/bank-reports.ts';
import { presentedPayment } from '../support/presented-payment.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { countRuns, workflowIn } from '../support/workflows.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const retries = stack.client('retry', RetryAdminServiceService);

afterAll(() => stack.close());

const scheduleOf = (id: string) => retries.getSchedule({ id });
/** Waits for a schedule that is like this. */
const scheduleIn = (id: string, like: Partial<RetrySchedule>) =>
  until(`schedule of ${id}: ${JSON.stringify(like)}`, async () => {
    const schedule = await scheduleOf(id);
    const alike = Object.entries(like).every(([name, value]) => schedule[name as 'id'] === value);
    if (!alike) throw new Error(`${schedule.statut} ${schedule.eligibilite} ${schedule.motifFin}`);
    return schedule;
  });
const paymentIn = (id: string, statut: string, tentative: number): Promise<Payment> =>
  until(`payment ${id} ${statut} ${tentative}`, async () => {
    const payment = await payments.get({ id });
    return payment.statut === statut && payment.tentative === tentative && payment;
  });
const statuts = ({ tentatives }: RetrySchedule) => tentatives.map(({ statut }) => statut);

/** A rejected payment with a client of its own. If it was presented, the bank rejected it. */
async function rejected(
  more: { motif?: string; contratId?: string; politique?: object; isPresented?: boolean } = {},
) {
  const organisationId = unique('org');
  const email = uniqueAddress();
  if (more.politique) {
    const { politique } = more;
    await retries.createPolicy(CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', politique }));
  }
  const client = await clients.create({ organisationId, nom: 'Martin', email });
  const { contratId = '' } = more;
  const whose = { organisationId, clientId: client.id, contratId };
  const { id } = more.isPresented
    ? await presentedPayment({ mandates, payments }, whose)
    : await payments.create({ ...whose, montant: 75_000n });
  await payments.reject({ id, motifRejet: more.motif ?? 'AM04' });
  return { id, organisationId, client, email };
}

/** A rejected payment with running retries. */
async function retried(more: Parameters<typeof rejected>[0] = {}) {
  const payment = await rejected(more);
  await workflowIn(await stack.temporal(), retryWorkflowId(payment.id), 'RUNNING');
  return payment;
}

/** Has the workflow read its schedule, and look at the payment, now. */
const nudge = async (id: string) =>
  (await stack.temporal()).workflow.getHandle(retryWorkflowId(id)).signal(paymentRejectedSignal);

/** A report of the bank: its first attempt was collected after all. */
async function isCollectedAfterAll(id: string) {
  const credited = entry({ id: endToEndId(id), date: new Date().toISOString() });
  const contenu = camt054(credited.replaceAll('<Dt>', '<DtTm>').replaceAll('</Dt>', '</DtTm>'));
  expect(await payments.importBankReport({ nomFichier: 'late.xml', contenu })).toMatchObject({
    confirmes: 1,
  });
}

/** The planned instant comes: no call makes time pass. */
async function itIsTime(id: string) {
  await stack.sql(
    `UPDATE retry.schedules SET prochaine_at = now(), version = version + 1 WHERE payment_id = $1`,
    id,
  );
  await nudge(id);
}

test('a rejected payment is presented again after each rejection, and only then, until it is collected', async () => {
  const { id, organisationId, client, email } = await retried();
  const temporal = await stack.temporal();
  const workflow = await workflowIn(temporal, retryWorkflowId(id), 'RUNNING');
  expect(workflow.type).toBe('paymentRetry');
  expect(await workflow.staticSummary()).toContain(id);
  expect(workflow.typedSearchAttributes.get(PaymentId)).toBe(id);
  expect(workflow.typedSearchAttributes.get(ClientId)).toBe(client.id);
  expect(workflow.typedSearchAttributes.get(OrganisationId)).toBe(organisationId);

  const planned = await scheduleOf(id);
  expect(planned).toMatchObject({
    statut: 'PLANIFIE',
    organisationId,
    clientId: client.id,
    montant: 75_000n,
  });
  await itIsTime(id);
  const second = await paymentIn(id, 'PLANIFIE', 2);
  expect(second.datePrevue > new Date().toISOString().slice(0, 10)).toBe(true);
  const sent = await scheduleIn(id, { statut: 'EN_COURS' });
  expect(statuts(sent)).toEqual(['SOUMISE', 'PREVUE', 'PREVUE']);
  expect(sent.tentatives[0]!.dateCollecte).toBe(second.datePrevue);

  // nothing but a rejection has the next one made
  await nudge(id);
  await nudge(id);
  expect((await payments.get({ id })).tentative).toBe(2);
  await payments.reject({ id, motifRejet: 'AM04' });
  const again = await scheduleIn(id, { statut: 'PLANIFIE' });
  expect(statuts(again)).toEqual(['REJETEE', 'PREVUE', 'PREVUE']);
  expect(again.prochaineAt).toEqual(planned.tentatives[1]!.datePrevue);
  const mail = await until('the mail', async () =>
    (await stack.mailsTo(email)).find(({ subject }) => subject.includes('de nouveau rejeté')),
  );
  expect(mail.subject).toMatch(/750,00\s€/);

  await itIsTime(id);
  await paymentIn(id, 'PLANIFIE', 3);
  await scheduleIn(id, { statut: 'EN_COURS' });
  await payments.confirm({ id });
  await nudge(id);
  const paid = await scheduleIn(id, { statut: 'ENCAISSE' });
  expect(statuts(paid)).toEqual(['REJETEE', 'REUSSIE', 'ABANDONNEE']);
  await workflowIn(temporal, retryWorkflowId(id), 'COMPLETED');
}, 120_000);

test('the last rejection exhausts it, with a mail', async () => {
  const { id, email } = await retried({ politique: { delaisJours: [5], maxTentatives: 1 } });
  await itIsTime(id);
  await paymentIn(id, 'PLANIFIE', 2);
  await payments.reject({ id, motifRejet: 'AM04' });
  await scheduleIn(id, { statut: 'EPUISE', eligibilite: 'NOT_ELIGIBLE_MAX_ATTEMPTS' });
  await workflowIn(await stack.temporal(), retryWorkflowId(id), 'COMPLETED');
  const subjects = (await stack.mailsTo(email)).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.includes('à régler autrement'))).toHaveLength(1);
}, 120_000);

test('one that is not eligible starts nothing, and leaves the id to one that is', async () => {
  const temporal = await stack.temporal();
  const { id } = await rejected({ motif: 'AC04' });
  const stopped = await scheduleIn(id, { statut: 'ARRETE', eligibilite: 'NOT_ELIGIBLE_REASON_CODE' });
  expect(await countRuns(temporal, retryWorkflowId(id))).toBe(0);
  // new bank details: a person plans it again
  await payments.replanifier({ id, tentative: 2, datePrevue: '2027-03-09' });
  await payments.reject({ id, motifRejet: 'AM04' });
  const again = await scheduleIn(id, { statut: 'PLANIFIE', eligibilite: 'ELIGIBLE' });
  expect(again).toMatchObject({ id: stopped.id, tentativeInitiale: 2 });
  await workflowIn(temporal, retryWorkflowId(id), 'RUNNING');
  await itIsTime(id);
  await paymentIn(id, 'PLANIFIE', 3);
  await until('one run', async () => (await countRuns(temporal, retryWorkflowId(id))) === 1);
}, 120_000);

describe('what stops it is read again before anything is presented', () => {
  const stops = async (id: string, eligibilite: RetrySchedule['eligibilite'], statut = 'ARRETE') => {
    await itIsTime(id);
    await scheduleIn(id, { statut: statut as 'ARRETE', eligibilite });
    await workflowIn(await stack.temporal(), retryWorkflowId(id), 'COMPLETED');
    expect((await payments.get({ id })).tentative).toBe(1);
  };

  test('the payment is settled', async () => {
    const { id } = await retried({ isPresented: true });
    await isCollectedAfterAll(id);
    await stops(id, 'NOT_ELIGIBLE_PAYMENT_SETTLED', 'ENCAISSE');
  }, 90_000);

  test('the contract is terminated', async () => {
    const contrat = await contrats.create({ clientId: unique('client'), produitId: 'produit-1' });
    const { id } = await retried({ contratId: contrat.id });
    await contrats.resilier({ id: contrat.id, motif: 'départ' });
    await stops(id, 'NOT_ELIGIBLE_CONTRACT_CANCELLED');
  }, 90_000);

  test('the client is blocked', async () => {
    const { id, client } = await retried();
    await clients.update({ id: client.id, bloque: true });
    await stops(id, 'NOT_ELIGIBLE_CLIENT_BLOCKED');
  }, 90_000);
});

test('five business days of silence after the collection mean collected', async () => {
  const { id, organisationId } = await retried({ isPresented: true });
  await itIsTime(id);
  await scheduleIn(id, { statut: 'EN_COURS' });
  const { datePrevue: dateCollecte } = await paymentIn(id, 'PLANIFIE', 2);
  expect(await payments.emit({ organisationId, dateCollecte })).toMatchObject({ nombre: 1 });
  // days go by after the collection
  await stack.sql(`UPDATE payments.payments SET date_prevue = '2026-03-09' WHERE id = $1`, id);
  await nudge(id);
  const paid = await scheduleIn(id, { statut: 'ENCAISSE' });
  expect(paid.motifFin).toContain('cinq jours ouvrés');
  expect((await payments.get({ id })).statut).toBe('ENCAISSE');
}, 90_000);

test('a collected attempt that the bank returns is followed by the next, in a run of its own', async () => {
  const temporal = await stack.temporal();
  const { id } = await retried();
  await itIsTime(id);
  await scheduleIn(id, { statut: 'EN_COURS' });
  await payments.confirm({ id });
  await nudge(id);
  await workflowIn(temporal, retryWorkflowId(id), 'COMPLETED');
  await payments.reject({ id, motifRejet: 'AM04', retourBancaire: true });
  const returned = await scheduleIn(id, { statut: 'PLANIFIE' });
  expect(statuts(returned)).toEqual(['REJETEE', 'PREVUE', 'PREVUE']);
  await workflowIn(temporal, retryWorkflowId(id), 'RUNNING');
  expect(await countRuns(temporal, retryWorkflowId(id))).toBe(2);
}, 90_000);

test('a payment that is collected after all by its first attempt, and returned, is presented again', async () => {
  const temporal = await stack.temporal();
  const { id } = await retried({ isPresented: true });
  await itIsTime(id);
  await scheduleIn(id, { statut: 'EN_COURS' });
  await isCollectedAfterAll(id); // the second attempt is not yet presented
  await nudge(id);
  await workflowIn(temporal, retryWorkflowId(id), 'COMPLETED');
  await payments.reject({ id, motifRejet: 'AM04', retourBancaire: true });
  const returned = await scheduleIn(id, { statut: 'PLANIFIE' });
  expect(statuts(returned)).toEqual(['PREVUE', 'PREVUE', 'PREVUE']);
  await workflowIn(temporal, retryWorkflowId(id), 'RUNNING');
  // another day than the first time makes another request; no call makes time pass
  await stack.sql(`UPDATE events.idempotency_keys SET request = '' WHERE key LIKE $1`, `retry/${id}/%`);
  await itIsTime(id);
  await paymentIn(id, 'PLANIFIE', 2);
  expect(statuts(await scheduleIn(id, { statut: 'EN_COURS' }))).toEqual(['SOUMISE', 'PREVUE', 'PREVUE']);
}, 120_000);

describe('commands', () => {
  const FINANCE = stack.client('retry', RetryAdminServiceService, 'finance-1');

  test('cancel ends it, is recorded once with who and why, and is refused afterwards', async () => {
    const { id } = await retried();
    const request = { id, motif: 'accord avec le client' };
    const metadata = { 'idempotency-key': unique('cancel') };
    const cancelled = await FINANCE.cancelSchedule(request, { metadata });
    expect(cancelled).toMatchObject({ statut: 'ARRETE', eligibilite: 'NOT_ELIGIBLE_MANUAL_CANCEL' });
    await workflowIn(await stack.temporal(), retryWorkflowId(id), 'COMPLETED');
    expect(await FINANCE.cancelSchedule(request, { metadata })).toEqual(cancelled);
    const another = FINANCE.cancelSchedule({ ...request, motif: 'autre' }, { metadata });
    expect((await refusalOf(another)).code).toBe('ALREADY_EXISTS');
    expect(await refusalOf(FINANCE.cancelSchedule(request))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'RETRY_TERMINE',
    });
    const { logs } = await retries.listAuditLogs({ scheduleId: cancelled.id });
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({ action: 'CANCEL', auteur: 'finance-1', motif: 'accord avec le client' });
    expect(logs[0]!.createdAt).toBeInstanceOf(Date);
  }, 90_000);

  test('replan moves the attempt forward to an open day; run now brings it to the next cutoff', async () => {
    const { id } = await retried();
    const before = await scheduleOf(id);
    const day = new Date(before.prochaineAt!.getTime() + 24 * 3600 * 1000).toISOString().slice(0, 10);
    const moved = await FINANCE.replanSchedule({ id, datePrevue: day, motif: 'salaire le lendemain' });
    expect(moved.statut).toBe('PLANIFIE');
    expect(moved.prochaineAt!.getTime()).toBeGreaterThan(before.prochaineAt!.getTime());
    expect(moved.tentatives[0]!.datePrevue).toEqual(moved.prochaineAt);
    const now = await FINANCE.runNow({ id, motif: 'le client a été crédité' });
    if (now.prochaineAt) expect(now.prochaineAt.getTime()).toBeLessThan(moved.prochaineAt!.getTime());
    const { logs } = await retries.listAuditLogs({ scheduleId: before.id });
    expect(logs.map(({ action, auteur, motif }) => [action, auteur, motif])).toEqual([
      ['RUN_NOW', 'finance-1', 'le client a été crédité'],
      ['REPLAN', 'finance-1', 'salaire le lendemain'],
    ]);
  }, 90_000);

  test('migrate moves what is not presented yet to the policy in force: attempts count, and one is open at most', async () => {
    const { id, organisationId } = await retried({ politique: { delaisJours: [5, 10] } });
    const [policy] = (await retries.listPolicies({ organisationId })).policies;
    const force = (politique: object) =>
      retries.updatePolicy(UpdatePolicyRequest.fromPartial({ id: policy!.id, politique }));
    const before = await scheduleOf(id);
    await force({ delaisJours: [7, 14, 21] });
    expect((await scheduleOf(id)).prochaineAt).toEqual(before.prochaineAt);
    const { migrations } = await retries.previewMigration({ organisationId });
    expect(migrations).toMatchObject([{ paymentId: id, changee: true, obstacle: '' }]);
    const { avant, apres } = migrations[0]!;
    expect([avant, apres].map((all) => all.map(({ numero }) => numero))).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    const foreign = await retries.createPolicy(
      CreatePolicyRequest.fromPartial({ organisationId: unique('org'), nom: 'P' }),
    );
    const refused = await refusalOf(retries.migrateSchedule({ id, policyId: foreign.id, motif: 'essai' }));
    expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'POLITIQUE_INCONNUE' });
    const moved = await retries.migrateSchedule({ id, motif: 'nouvelle politique' });
    expect(moved.prochaineAt).toEqual(apres[0]!.datePrevue);
    expect(moved.tentatives.map(({ datePrevue }) => datePrevue)).toEqual(
      apres.map(({ datePrevue }) => datePrevue),
    );
    expect((await retries.previewMigration({ id })).migrations[0]!.changee).toBe(false);

    await itIsTime(id);
    await scheduleIn(id, { statut: 'EN_COURS' });
    await force({ delaisJours: [7], maxTentatives: 1 });
    const withBank = await retries.migrateSchedule({ id, motif: 'une seule' });
    expect([withBank.statut, statuts(withBank)]).toEqual(['EN_COURS', ['SOUMISE']]);
    expect((await payments.get({ id })).tentative).toBe(2);
    await payments.reject({ id, motifRejet: 'AM04' });
    await workflowIn(await stack.temporal(), retryWorkflowId(id), 'COMPLETED');
    expect((await scheduleOf(id)).statut).toBe('EPUISE');
    const late = await refusalOf(retries.migrateSchedule({ id, motif: 'trop tard' }));
    expect(late).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'RETRY_TERMINE' });
    const { logs } = await retries.listAuditLogs({ scheduleId: before.id });
    expect(logs.map(({ action, auteur, motif }) => [action, auteur, motif])).toEqual([
      ['MIGRATE', 'alice', 'une seule'],
      ['MIGRATE', 'alice', 'nouvelle politique'],
    ]);
  }, 90_000);

  test('an attempt that is with the bank is not moved', async () => {
    const { id } = await retried();
    await itIsTime(id);
    await scheduleIn(id, { statut: 'EN_COURS' });
    expect(await refusalOf(FINANCE.runNow({ id, motif: 'x' }))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'TENTATIVE_EN_COURS',
    });
  }, 90_000);
});

describe('new bank details', () => {
  const FINANCE = stack.client('retry', RetryAdminServiceService, 'finance-1');
  const mandateOf = (clientId: string, organisationId: string, prenotificationJours?: number) =>
    mandates.create({
      ...{ clientId, organisationId, iban: 'FR1420041010050500013M02606', titulaire: 'Martin' },
      ...{ dateSignature: '2026-01-15', prenotificationJours },
    });
  /** One that was stopped by its reason. */
  async function stopped(prenotificationJours?: number, isPresented = false) {
    const payment = await rejected({ motif: 'AC04', isPresented });
    await scheduleIn(payment.id, { statut: 'ARRETE' });
    const { client, organisationId } = payment;
    return { ...payment, mandat: await mandateOf(client.id, organisationId, prenotificationJours) };
  }
  /** The prenotifications that a client got, with ordinary spaces. */
  const prenotified = async (email: string) =>
    (await stack.mailsTo(email))
      .filter(({ subject }) => /prélèvement de .* le \d/i.test(subject))
      .map(({ text }) => text.replace(/[\u00a0\u202f]/g, ' '));
  const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

  test('have a stopped retry go on with the new mandate, once, and its retries begin anew', async () => {
    const temporal = await stack.temporal();
    const { id, mandat, email } = await stopped();
    const request = { id, mandatId: mandat.id, motif: 'nouveau RIB signé' };
    const metadata = { 'idempotency-key': unique('resume') };
    const resumed = await FINANCE.resumeWithMandate(request, { metadata });
    expect(resumed).toMatchObject({ statut: 'PLANIFIE', eligibilite: 'ELIGIBLE', mandatId: mandat.id });
    // the client is told now, and two days before the debit
    expect(dateInParis(resumed.prochaineAt!) >= inDays(14)).toBe(true);
    expect(resumed.annonceAt!.getTime()).toBeGreaterThan(Date.now());
    const [told] = await until('the prenotification', async () => {
      const mails = await prenotified(email);
      return mails.length > 0 && mails;
    });
    for (const fact of ['750,00 €', mandat.rum, 'FR14 **** 606', stack.env.CREANCIER_ICS!]) {
      expect(told).toContain(fact);
    }
    expect(statuts(resumed)).toEqual(['PREVUE', 'PREVUE', 'PREVUE']);
    await workflowIn(temporal, retryWorkflowId(id), 'RUNNING');
    expect(await FINANCE.resumeWithMandate(request, { metadata })).toEqual(resumed);
    expect(await refusalOf(FINANCE.resumeWithMandate(request))).toMatchObject({ reason: 'RETRY_EN_COURS' });
    const { logs } = await retries.listAuditLogs({ scheduleId: resumed.id });
    expect(logs).toMatchObject([{ action: 'RESUME', auteur: 'finance-1', motif: 'nouveau RIB signé' }]);
    await itIsTime(id);
    const second = await paymentIn(id, 'PLANIFIE', 2);
    expect(second.mandatId).toBe(mandat.id);
    await scheduleIn(id, { statut: 'EN_COURS' });
    await payments.reject({ id, motifRejet: 'AM04' });
    const again = await scheduleIn(id, { statut: 'PLANIFIE' });
    expect(statuts(again)).toEqual(['REJETEE', 'PREVUE', 'PREVUE']);
    expect(again.prochaineAt).toEqual(resumed.tentatives[1]!.datePrevue);
    const failed = async () =>
      (await stack.mailsTo(email)).filter(({ subject }) => subject.includes('de nouveau rejeté'));
    await until('the mail', async () => (await failed()).length === 1);
    expect(await countRuns(temporal, retryWorkflowId(id))).toBe(1);
    // the client was told when it was planned, and when its day was moved; later retries are announced as
    // usual
    expect(await prenotified(email)).toHaveLength(2);
  }, 120_000);

  test('by a mandate that will have lapsed are refused', async () => {
    const { id, mandat } = await stopped(14);
    // 36 months after, it may be used for ten more days: the notice is fourteen. No call makes months pass
    const signed = inDays(10).replace(/^\d{4}/, (year) => String(Number(year) - 3));
    await stack.sql('UPDATE payments.mandates SET date_signature = $2 WHERE id = $1', mandat.id, signed);
    const refused = await refusalOf(FINANCE.resumeWithMandate({ id, mandatId: mandat.id }));
    expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'MANDAT_CADUC' });
    expect(refused.message).toContain('mandatId');
    expect((await scheduleOf(id)).statut).toBe('ARRETE');
  }, 60_000);

  test('are told of as long before as the mandate agrees on; sooner where a person says so', async () => {
    const { id, mandat, email, organisationId } = await stopped(2);
    const resumed = await FINANCE.resumeWithMandate({ id, mandatId: mandat.id });
    expect(dateInParis(resumed.prochaineAt!) < inDays(3 + 6)).toBe(true);
    await until('the prenotification', async () => (await prenotified(email)).length === 1);
    // another day: the client is told again
    await FINANCE.replanSchedule({ id, datePrevue: inDays(12), motif: 'congés' });
    await until('the second one', async () => (await prenotified(email)).length === 2);
    // and back: the last mail must state the present day
    for (const [datePrevue, count] of [
      [dateInParis(resumed.prochaineAt!), 3],
      [inDays(12), 4],
    ] as const) {
      await FINANCE.replanSchedule({ id, datePrevue, motif: 'congés' });
      await until('the next one', async () => (await prenotified(email)).length === count);
    }

    // another policy does not bring it forward
    const [planned, ...later] = (await scheduleOf(id)).tentatives;
    const politique = { delaisJours: [1, 25] };
    await retries.createPolicy(CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', politique }));
    const moved = await FINANCE.migrateSchedule({ id, motif: 'nouvelle politique' });
    expect(moved.tentatives).toHaveLength(2);
    expect([moved.prochaineAt, moved.tentatives[0]!.datePrevue]).toEqual(Array(2).fill(planned!.datePrevue));
    expect(moved.tentatives[1]!.datePrevue).not.toEqual(later[0]!.datePrevue);

    const other = await stopped();
    const request = { id: other.id, mandatId: other.mandat.id };
    const tooLate = await refusalOf(FINANCE.resumeWithMandate({ ...request, datePrevue: inDays(40) }));
    expect(tooLate.reason).toBe('TROP_TARD');
    const sooner = await FINANCE.resumeWithMandate({ ...request, datePrevue: inDays(4) });
    expect(dateInParis(sooner.prochaineAt!) < inDays(4 + 6)).toBe(true);
    await until('the prenotification', async () => (await prenotified(other.email)).length === 1);
  }, 120_000);

  test('take the place of a mandate that was revoked while its debit was planned', async () => {
    const { id, mandat, client, organisationId } = await stopped();
    await FINANCE.resumeWithMandate({ id, mandatId: mandat.id });
    await itIsTime(id);
    await paymentIn(id, 'PLANIFIE', 2);
    await scheduleIn(id, { statut: 'EN_COURS' });
    const another = await mandateOf(client.id, organisationId);
    await mandates.revoke({ id: mandat.id });
    await nudge(id);
    await scheduleIn(id, { statut: 'ARRETE', eligibilite: 'NOT_ELIGIBLE_MANDATE_REVOKED' });
    const resumed = await FINANCE.resumeWithMandate({ id, mandatId: another.id });
    expect(resumed).toMatchObject({ statut: 'PLANIFIE', mandatId: another.id });
    expect(await payments.get({ id })).toMatchObject({ statut: 'PLANIFIE', mandatId: mandat.id });
    await itIsTime(id);
    const again = await until('the other mandate', async () => {
      const payment = await payments.get({ id });
      return payment.mandatId === another.id && payment;
    });
    expect(again).toMatchObject({ statut: 'PLANIFIE', tentative: 2 });
    await scheduleIn(id, { statut: 'EN_COURS' });
  }, 120_000);

  test('have an exhausted retry go on, and the client is not told again that it was exhausted', async () => {
    const temporal = await stack.temporal();
    const { id, client, organisationId, email } = await retried({
      politique: { delaisJours: [5], maxTentatives: 1 },
    });
    await itIsTime(id);
    await paymentIn(id, 'PLANIFIE', 2);
    await payments.reject({ id, motifRejet: 'AM04' });
    await scheduleIn(id, { statut: 'EPUISE' });
    await workflowIn(temporal, retryWorkflowId(id), 'COMPLETED');
    const mandat = await mandateOf(client.id, organisationId);
    const resumed = await FINANCE.resumeWithMandate({ id, mandatId: mandat.id });
    expect(resumed).toMatchObject({ statut: 'PLANIFIE', tentativeInitiale: 2 });
    expect(statuts(resumed)).toEqual(['REJETEE', 'PREVUE']);
    await itIsTime(id);
    await paymentIn(id, 'PLANIFIE', 3);
    await scheduleIn(id, { statut: 'EN_COURS' });
    await payments.confirm({ id });
    await nudge(id);
    await scheduleIn(id, { statut: 'ENCAISSE' });
    await workflowIn(temporal, retryWorkflowId(id), 'COMPLETED');
    const subjects = (await stack.mailsTo(email)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.includes('à régler autrement'))).toHaveLength(1);
    expect(subjects.filter((subject) => subject.includes('de nouveau rejeté'))).toHaveLength(0);
  }, 120_000);

  test('are refused where they would debit nobody, or somebody else', async () => {
    const { id, mandat, client, organisationId } = await stopped(undefined, true);
    const refused = async (mandatId: string, of = id) => {
      const { code, reason } = await refusalOf(FINANCE.resumeWithMandate({ id: of, mandatId }));
      return [code, reason];
    };
    const another = await mandateOf(unique('client'), organisationId);
    expect(await refused(another.id)).toEqual(['FAILED_PRECONDITION', 'MANDAT_AUTRE_CLIENT']);
    expect(await refused(unique('mandat'))).toEqual(['FAILED_PRECONDITION', 'MANDAT_INCONNU']);
    const revoked = await mandateOf(client.id, organisationId);
    await mandates.revoke({ id: revoked.id });
    expect(await refused(revoked.id)).toEqual(['FAILED_PRECONDITION', 'NOT_ELIGIBLE_MANDATE_REVOKED']);
    expect((await scheduleOf(id)).statut).toBe('ARRETE');
    await isCollectedAfterAll(id);
    expect(await refused(mandat.id)).toEqual(['FAILED_PRECONDITION', 'NOT_ELIGIBLE_PAYMENT_SETTLED']);
    const { id: live } = await retried();
    expect(await refused(mandat.id, live)).toEqual(['FAILED_PRECONDITION', 'RETRY_EN_COURS']);
    await FINANCE.cancelSchedule({ id: live, motif: 'accord' });
    expect(await refused(mandat.id, live)).toEqual(['FAILED_PRECONDITION', 'RETRY_TERMINE']);
  }, 120_000);
});
