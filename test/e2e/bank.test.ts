import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  CreateMandateRequest,
  MandateServiceService,
  PaymentServiceService,
  StatutPaiement,
  type Mandate,
} from '@crm/proto/payments/payments';
import { openDb } from '@crm/db';
import { eventIdOf } from '@crm/kit';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const IBAN = 'FR1420041010050500013M02606';
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);

afterAll(() => stack.close());

const mandateOf = (changes: object = {}): Promise<Mandate> =>
  mandates.create({
    ...{ clientId: unique('client'), iban: IBAN, bic: 'PSSTFRPPLIL', titulaire: 'Test User' },
    ...{ dateSignature: '2026-01-15', organisationId: unique('org'), ...changes },
  });

const planned = ({ id: mandatId, clientId, organisationId }: Mandate, changes: object = {}) =>
  payments.create({
    ...{ clientId, organisationId, mandatId, montant: 75_000n, datePrevue: '2026-03-09', ...changes },
  });

const endToEndId = (id: string, attempt = 1) => id.replaceAll('-', '') + String(attempt).padStart(2, '0');

const camt054 = (entries: string) =>
  Buffer.from(
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn>` +
      `${entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`,
  );
const pain002 = (content: string) => ({
  nomFichier: 'pain002.xml',
  contenu: Buffer.from(
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>${content}</CstmrPmtStsRpt></Document>`,
  ),
});
const entry = (id: string, direction: 'CRDT' | 'DBIT', reason = '') =>
  `<Ntry><CdtDbtInd>${direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-10</Dt></BookgDt>
   <NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>
   ${reason && `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>`}</TxDtls></NtryDtls></Ntry>`;

describe('a mandate', () => {
  test('shows its IBAN masked, and keeps it encrypted', async () => {
    const rum = unique('RUM').slice(0, 35);
    const mandate = await mandateOf({ rum });
    expect(mandate).toMatchObject({
      ibanMasque: 'FR14 **** 606',
      rum,
      statut: 'ACTIF',
      prenotificationJours: 14,
    });
    expect(await mandates.get({ id: mandate.id })).toEqual(mandate);
    const [row] = await stack.sql<{ row: string }>(
      `SELECT m::text || encode(iban_chiffre, 'escape') AS row FROM payments.mandates m WHERE id = $1`,
      mandate.id,
    );
    expect(row!.row).not.toContain(IBAN.slice(4, 12));
  });

  test.each([
    ['iban', { iban: 'FR1420041010050500013M02607' }],
    ['iban', { iban: 'BR1500000000000010932840814P2' }],
    ['bic', { bic: 'PSST' }],
    ['dateSignature', { dateSignature: '2026-02-30' }],
    ['dateSignature', { dateSignature: '2199-01-01' }],
    ['titulaire', { titulaire: ' ' }],
    ['bic', { bic: 'DEUTDEFF' }],
    ['rum', { rum: '/RUM' }],
    ['rum', { rum: 'RUM//1' }],
    ['rum', { rum: '   ' }],
    ['rum', { rum: 'R'.repeat(36) }],
  ])('with a wrong %s is refused, naming it and not repeating it', async (field, changes) => {
    const refused = await refusalOf(mandateOf(changes));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
    expect(JSON.stringify(refused)).not.toContain(Object.values(changes)[0]!.trim() || 'nothing');
  });

  test('has a reference of its own in its organisation', async () => {
    const { organisationId, rum } = await mandateOf();
    expect((await refusalOf(mandateOf({ organisationId, rum }))).code).toBe('ALREADY_EXISTS');
  });

  test('is revoked once; nothing is presented by it any more', async () => {
    const mandate = await mandateOf();
    await planned(mandate);
    const revoked = await mandates.revoke({ id: mandate.id, motif: 'demande du client' });
    expect(revoked).toMatchObject({ statut: 'REVOQUE', motifRevocation: 'demande du client' });
    expect(await mandates.revoke({ id: mandate.id, motif: 'encore' })).toEqual(revoked);
    const emitted = await payments.emit({
      dateCollecte: '2026-03-09',
      organisationId: mandate.organisationId,
    });
    expect(emitted.nombre).toBe(0);
  });
});

describe('a day with the bank', () => {
  test('payments are presented once, in a file in the bank’s folder; reports settle them, once', async () => {
    const mandate = await mandateOf();
    const { organisationId } = mandate;
    const [paid, returned] = [await planned(mandate), await planned(mandate)];
    const [one, two] = await Promise.all([
      payments.emit({ dateCollecte: '2026-03-09', organisationId }),
      payments.emit({ dateCollecte: '2026-03-09', organisationId }),
    ]);
    const emitted = one.nombre === 2 ? one : two;
    expect(emitted).toMatchObject({ nombre: 2, total: 150_000n });
    const xml = emitted.contenu.toString();
    for (const { id } of [paid, returned]) {
      expect(xml.split(`<EndToEndId>${endToEndId(id)}</EndToEndId>`)).toHaveLength(2);
      expect((await payments.get({ id })).statut).toBe(StatutPaiement.EMIS);
    }
    expect(xml.match(/<SeqTp>(FRST|RCUR)/g)!.sort()).toEqual(['<SeqTp>FRST', '<SeqTp>RCUR']);
    const outbox = join(stack.env.BANK_DIR!, 'outbox');
    expect(readFileSync(join(outbox, emitted.nomFichier)).equals(emitted.contenu)).toBe(true);
    const again = await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    expect(again).toEqual(emitted);
    const other = await payments.emit({ dateCollecte: '2026-03-09', organisationId: unique('org') });
    expect(other).toMatchObject({ nomFichier: '', nombre: 0 });
    expect(other.contenu).toHaveLength(0);

    const report = {
      nomFichier: 'camt054.xml',
      contenu: camt054(
        entry(endToEndId(paid.id), 'CRDT') +
          entry(endToEndId(returned.id), 'DBIT', 'AM04') +
          entry('0'.repeat(34), 'CRDT'),
      ),
    };
    const imported = await payments.importBankReport(report);
    expect(imported).toMatchObject({ confirmes: 1, rejetes: 1, inconnus: 1, dejaImporte: false });
    const settled = await Promise.all([paid, returned].map(({ id }) => payments.get({ id })));
    expect(settled).toMatchObject([
      { statut: 'ENCAISSE', tentative: 1 },
      { statut: 'REJETE', motifRejet: 'AM04', tentative: 1 },
    ]);
    const nats = await stack.nats();
    await storedEvent(
      nats,
      'crm.events.payment.received',
      eventIdOf('payment.received', [paid.id, '1', '1']),
    );
    const rejection = await storedEvent(
      nats,
      'crm.events.payment.rejected',
      eventIdOf('payment.rejected', [returned.id, '1', '1']),
    );
    expect(Buffer.from(rejection.data).toString('latin1')).not.toContain(IBAN.slice(4, 12));
    expect(await payments.importBankReport(report)).toEqual({ ...imported, dejaImporte: true });
    expect(await Promise.all([paid, returned].map(({ id }) => payments.get({ id })))).toEqual(settled);
  });

  test('a payment that is presented late is planned for the day it is debited on', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    await payments.emit({ dateCollecte: '2026-03-16', organisationId: mandate.organisationId });
    expect(await payments.get({ id })).toMatchObject({ statut: 'EMIS', datePrevue: '2026-03-16' });
  });

  test('the next attempt has an identifier of its own, and is a first debit again', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    const { organisationId } = mandate;
    await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    await payments.reject({ id, motifRejet: 'AM04' });
    await payments.replanifier({ id, tentative: 2, datePrevue: '2026-03-16' });
    const { contenu } = await payments.emit({ dateCollecte: '2026-03-16', organisationId });
    expect(contenu.toString()).toContain(`<EndToEndId>${endToEndId(id, 2)}</EndToEndId>`);
    expect(contenu.toString()).toContain('<SeqTp>FRST</SeqTp>');
  });

  test('a first debit that the bank returned after it was settled is followed by a recurrent one', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    const { organisationId } = mandate;
    const first = await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    expect(first.contenu.toString()).toContain('<SeqTp>FRST</SeqTp>');
    await payments.confirm({ id });
    await payments.reject({ id, motifRejet: 'MD06', retourBancaire: true });
    await planned(mandate, { datePrevue: '2026-03-16' });
    const { contenu } = await payments.emit({ dateCollecte: '2026-03-16', organisationId });
    expect(contenu.toString()).toContain('<SeqTp>RCUR</SeqTp>');
  });

  test('so it is where someone has rejected it before, and no late report has it collected again', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    const { organisationId } = mandate;
    await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    await payments.reject({ id, motifRejet: 'AM04', dateRejet: new Date('2026-03-09T12:00:00Z') });
    const report = (what: string) =>
      payments.importBankReport({ nomFichier: 'camt054.xml', contenu: camt054(what) });
    expect(await report(entry(endToEndId(id), 'DBIT', 'AM04'))).toMatchObject({ rejetes: 1 });
    expect(await report(entry(endToEndId(id), 'CRDT'))).toMatchObject({ confirmes: 0, inconnus: 1 });
    expect((await payments.get({ id })).statut).toBe('REJETE');
    await planned(mandate, { datePrevue: '2026-03-16' });
    const { contenu } = await payments.emit({ dateCollecte: '2026-03-16', organisationId });
    expect(contenu.toString()).toContain('<SeqTp>RCUR</SeqTp>');
  });

  test('two days at once have one first debit of a mandate between them', async () => {
    const mandate = await mandateOf();
    const { organisationId } = mandate;
    await Promise.all([planned(mandate), planned(mandate, { datePrevue: '2026-03-16' })]);
    const files = await Promise.all(
      ['2026-03-09', '2026-03-16'].map((dateCollecte) => payments.emit({ dateCollecte, organisationId })),
    );
    const types = files.flatMap(({ contenu }) => contenu.toString().match(/<SeqTp>\w+/g) ?? []);
    expect(types.filter((type) => type.endsWith('FRST'))).toHaveLength(1);
  });

  test('no more is debited than remains of the invoice; nothing where nothing does', async () => {
    const mandate = await mandateOf();
    const { organisationId, clientId } = mandate;
    const invoice = () => factures.create({ organisationId, clientId, montant: 100_000n });
    const [partly, settled] = [await invoice(), await invoice()];
    const debit = (invoiceId: string, montant: bigint, more: object = {}) =>
      planned(mandate, { invoiceId, montant, ...more });
    const [one, two, three] = [
      await debit(partly.id, 40_000n),
      await debit(partly.id, 75_000n),
      await debit(partly.id, 10_000n),
    ];
    const none = await debit(settled.id, 75_000n);
    // a transfer of 30,000 comes in; two debits are left for what remains of the total
    const transfer = await debit(partly.id, 30_000n, { mandatId: '' });
    await payments.confirm({ id: transfer.id });
    await factures.markAsPaid({ id: settled.id });
    const { montant: total } = await factures.get({ id: partly.id });
    const emitted = await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    expect(emitted).toMatchObject({ nombre: 2, total: total - 30_000n });
    // what debtors read on their statements
    expect(emitted.contenu.toString()).toContain(`<Ustrd>Facture ${partly.numero}</Ustrd>`);
    const amounts = await Promise.all([one, two].map(({ id }) => payments.get({ id })));
    expect(amounts.map(({ montant, statut }) => [montant, statut])).toEqual([
      [40_000n, 'EMIS'],
      [total - 70_000n, 'EMIS'],
    ]);
    for (const { id } of [three, none]) expect((await payments.get({ id })).statut).toBe('PLANIFIE');
    await payments.reject({ id: two.id, motifRejet: 'AM04' });
    expect(await payments.emit({ dateCollecte: '2026-03-09', organisationId })).toMatchObject({
      ...{ nombre: 1, total: 10_000n },
    });
    // a retry takes what is left then: a part was paid, and more is with the bank meanwhile
    const again = { id: two.id, tentative: 2, datePrevue: '2026-03-16' };
    expect((await payments.replanifier(again)).montant).toBe(total - 70_000n);
    const retried = await payments.emit({ dateCollecte: '2026-03-16', organisationId });
    expect(retried).toMatchObject({ nombre: 1, total: total - 80_000n });
    expect(retried.contenu.toString()).toContain(endToEndId(two.id, 2));
    expect(await payments.get({ id: two.id })).toMatchObject({ montant: total - 80_000n, tentative: 2 });
    // nothing is left: not presented, however often it is planned
    await payments.reject({ id: two.id, motifRejet: 'AM04' });
    await factures.markAsPaid({ id: partly.id });
    await payments.replanifier({ id: two.id, tentative: 3, datePrevue: '2026-03-23' });
    expect(await payments.emit({ dateCollecte: '2026-03-23', organisationId })).toMatchObject({ nombre: 0 });
    expect((await payments.get({ id: two.id })).statut).toBe('PLANIFIE');
  });

  test('a payment of a contract that was terminated is not presented; of an unknown one it is', async () => {
    const mandate = await mandateOf();
    const { organisationId, clientId } = mandate;
    const contrat = await contrats.create({ organisationId, clientId, produitId: 'prod-456' });
    await contrats.resilier({ id: contrat.id, motif: 'déménagement' });
    const left = await planned(mandate, { contratId: contrat.id });
    const taken = await planned(mandate, { contratId: unique('contrat') });
    expect(await payments.emit({ dateCollecte: '2026-03-09', organisationId })).toMatchObject({ nombre: 1 });
    expect((await payments.get({ id: left.id })).statut).toBe('PLANIFIE');
    expect((await payments.get({ id: taken.id })).statut).toBe('EMIS');
  });

  test('what no file can hold is not presented, and a file that cannot be written keeps no other back', async () => {
    const [bad, good] = [await mandateOf(), await mandateOf()];
    const [{ id }] = [await planned(bad), await planned(good)];
    const spoil = (rum: string) =>
      stack.sql(`UPDATE payments.mandates SET rum = $2 WHERE id = $1`, bad.id, rum);
    await spoil('//');
    const emit = ({ organisationId }: Mandate) =>
      payments.emit({ dateCollecte: '2026-03-09', organisationId });
    expect(await emit(bad)).toMatchObject({ nombre: 0, ecartes: [{ paymentId: id, motif: 'PRELEVEMENT' }] });
    expect((await payments.get({ id })).statut).toBe('PLANIFIE');
    await spoil(bad.rum);
    const { nomFichier } = await emit(bad);
    await stack.sql(`UPDATE payments.bank_files SET written_at = NULL WHERE nom_fichier = $1`, nomFichier);
    await spoil('//');
    expect((await emit(good)).nombre).toBe(1);
    await spoil(bad.rum);
    expect((await emit(bad)).nomFichier).toBe(nomFichier);
    const [written] = await stack.sql<{ at: Date | null }>(
      `SELECT written_at AS at FROM payments.bank_files WHERE nom_fichier = $1`,
      nomFichier,
    );
    expect(written!.at).not.toBeNull();
  });

  test('a file that could not be written is told of, and the next Emit of whatever writes it', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    const emit = (organisationId: string) => payments.emit({ dateCollecte: '2026-03-09', organisationId });
    const outbox = join(stack.env.BANK_DIR!, 'outbox');
    const { nomFichier, contenu } = await emit(mandate.organisationId);
    rmSync(join(outbox, nomFichier));
    // another file has the name already
    mkdirSync(join(outbox, nomFichier, 'full'), { recursive: true });
    await stack.sql(`UPDATE payments.bank_files SET written_at = NULL WHERE nom_fichier = $1`, nomFichier);
    expect(await refusalOf(emit(mandate.organisationId))).toMatchObject({
      ...{ code: 'UNAVAILABLE', reason: 'FICHIER_NON_ECRIT' },
    });
    expect((await payments.get({ id })).statut).toBe('EMIS');
    rmSync(join(outbox, nomFichier), { recursive: true });
    expect((await emit(unique('org'))).nomFichier).toBe('');
    expect(readFileSync(join(outbox, nomFichier)).equals(contenu)).toBe(true);
  });

  test('a collection later than in 45 days is refused', async () => {
    const dateCollecte = new Date(Date.now() + 47 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const { violations } = await refusalOf(payments.emit({ dateCollecte, organisationId: unique('org') }));
    expect(violations).toMatchObject([
      { field: 'dateCollecte', description: expect.stringContaining('45 days') as string },
    ]);
  });

  test('a report that rejects a block or a file whole rejects what is in it, once', async () => {
    const mandate = await mandateOf();
    const { organisationId } = mandate;
    const paid = await Promise.all([planned(mandate), planned(mandate)]);
    const { contenu } = await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    const [messageId] = /(?<=<MsgId>)[^<]+/.exec(contenu.toString())!;
    const blocks = [...contenu.toString().matchAll(/<PmtInfId>([^<]+)/g)].map(([, id]) => id!);
    expect(blocks).toHaveLength(2);
    const block = (id: string) =>
      `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${id}</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>`;
    const group = (sts: string) =>
      `<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><GrpSts>${sts}</GrpSts>
       <StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>`;
    const counts = async (content: string) => await payments.importBankReport(pain002(content));
    expect(await counts(group('PART') + block(blocks[0]!))).toMatchObject({ rejetes: 1, inconnus: 0 });
    expect(await counts(group('RJCT') + block(blocks[0]!))).toMatchObject({ rejetes: 2, inconnus: 0 });
    const settled = await Promise.all(paid.map(({ id }) => payments.get({ id })));
    expect(settled.map(({ motifRejet }) => motifRejet).sort()).toEqual(['AM05', 'MS03']);
    expect(await counts(block(unique('bloc')))).toMatchObject({ rejetes: 0, inconnus: 1 });
  });

  test('a report that waits for another one sees what that has said of the attempt', async () => {
    const payment = await planned(await mandateOf());
    const { id, organisationId } = payment;
    await payments.emit({ dateCollecte: '2026-03-09', organisationId });
    const endToEnd = endToEndId(id);
    const contenu = camt054(entry(endToEnd, 'CRDT'));
    const db = openDb(stack.env.DATABASE_URL!, 1);
    let importing: ReturnType<typeof payments.importBankReport> | undefined;
    await db.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT id FROM payments.payments WHERE id = ${id} FOR UPDATE`;
        importing = payments.importBankReport({ nomFichier: 'camt054.xml', contenu });
        await until('the report to wait', async () => {
          const waiting = await stack.sql(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%payments.presentations%'`,
          );
          return waiting.length > 0;
        });
        // collected and returned, on a day before the one that the report bears
        await tx.presentation.update({ where: { id: endToEnd }, data: { retournee: true } });
        const dateRejet = new Date('2026-03-09T08:00:00Z');
        await tx.payment.update({ where: { id }, data: { statut: 'REJETE', motifRejet: 'AM04', dateRejet } });
      },
      { timeout: 30_000 },
    );
    await db.$disconnect();
    expect(await importing).toMatchObject({ confirmes: 0, inconnus: 1 });
    expect((await payments.get({ id })).statut).toBe('REJETE');
  });

  test('a report of another amount settles nothing', async () => {
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    await payments.emit({ dateCollecte: '2026-03-09', organisationId: mandate.organisationId });
    const report = (amount: string) => ({
      nomFichier: 'camt054.xml',
      contenu: camt054(
        entry(endToEndId(id), 'CRDT').replace('<TxDtls>', `<TxDtls><Amt Ccy="EUR">${amount}</Amt>`),
      ),
    });
    expect(await payments.importBankReport(report('749.99'))).toMatchObject({ confirmes: 0, inconnus: 1 });
    expect((await payments.get({ id })).statut).toBe('EMIS');
    expect(await payments.importBankReport(report('750.00'))).toMatchObject({ confirmes: 1, inconnus: 0 });
  });

  test('a day on which T2 is closed is refused, with the reason', async () => {
    const refused = await refusalOf(payments.emit({ dateCollecte: '2026-04-03' }));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'dateCollecte' }] });
  });

  test('a repeat under the same idempotency key answers the same file, which is kept nowhere but in the folder', async () => {
    const mandate = await mandateOf();
    await planned(mandate);
    const settings = { metadata: { 'idempotency-key': unique('key') } };
    const request = { dateCollecte: '2026-03-09', organisationId: mandate.organisationId };
    const first = await payments.emit(request, settings);
    expect(await payments.emit(request, settings)).toEqual(first);
    const [kept] = await stack.sql<{ response: Buffer }>(
      'SELECT response FROM events.idempotency_keys WHERE key = $1',
      settings.metadata['idempotency-key'],
    );
    expect(kept!.response.includes(IBAN)).toBe(false);
  });

  test('an unreadable report changes nothing, is refused with the line, and is kept aside', async () => {
    const contenu = camt054(entry('x', 'CRDT')).subarray(0, 150);
    const refused = await refusalOf(payments.importBankReport({ nomFichier: '../half.xml', contenu }));
    expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'contenu' }] });
    const aside = readdirSync(join(stack.env.BANK_DIR!, 'unreadable'));
    expect(aside.some((name) => name.endsWith('half.xml'))).toBe(true);
  });
});

test('a mandate may be created again under its key, and no other under the same', async () => {
  const settings = { metadata: { 'idempotency-key': unique('key') } };
  const request = {
    ...{ clientId: unique('client'), iban: IBAN, titulaire: 'Test User' },
    ...{ dateSignature: '2026-01-15', organisationId: unique('org') },
  };
  const first = await mandates.create(request, settings);
  expect(await mandates.create(request, settings)).toEqual(first);
  const other = { ...request, iban: 'FR7630006000011234567890189' };
  expect((await refusalOf(mandates.create(other, settings))).code).toBe('ALREADY_EXISTS');
  const [kept] = await stack.sql<{ request: Buffer; response: Buffer }>(
    'SELECT request, response FROM events.idempotency_keys WHERE key = $1',
    settings.metadata['idempotency-key'],
  );
  // a fast digest of the request would let the digits that are missing from the mask be tried one after the other
  const bytes = CreateMandateRequest.encode(CreateMandateRequest.fromPartial(request)).finish();
  expect(kept!.request.equals(createHash('sha256').update(bytes).digest())).toBe(false);
  expect(kept!.response.includes(IBAN)).toBe(false);
});

test('no IBAN is in a log', async () => {
  const { clientId } = await mandateOf({ clientId: (await clients.create({ nom: 'Débiteur' })).id });
  expect(clientId).toBeTruthy();
  for (const name of readdirSync(join(stack.env.DATA_DIR!, 'logs'))) {
    expect(readFileSync(join(stack.env.DATA_DIR!, 'logs', name), 'latin1')).not.toContain(IBAN);
  }
});
