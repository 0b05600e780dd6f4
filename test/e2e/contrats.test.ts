import { eventIdOf } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService, CreateContratRequest, type Contrat } from '@crm/proto/contrats/contrats';
import { ContractSignedEvent } from '@crm/proto/events/contract_events';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const SUBJECT = 'crm.events.contract.signed';
const stack = sharedStack();
const contrats = stack.client('contrats', ContratServiceService);
const clients = stack.client('clients', ClientBaseServiceService);

afterAll(() => stack.close());

const someContract = (organisationId: string) => ({
  organisationId,
  clientId: unique('c'),
  produitId: 'prod-456',
});
const eventOf = ({ id }: Contrat) => eventIdOf('contract.signed', [id]);
/** How many events tell that a contract was signed: the outbox has one row an event. */
const eventsOf = async (contrat: Contrat) =>
  (await stack.sql('SELECT 1 FROM events.outbox WHERE event_id = $1', eventOf(contrat))).length;
const today = () => todayInParis().toString();

test('a client and a product are enough: signed today, one instalment, a reference', async () => {
  const request = CreateContratRequest.fromJSON({ clientId: 'client-123', produitId: 'prod-456' });
  const contrat = await contrats.create(request);
  expect(contrat).toMatchObject({
    organisationId: 'default',
    clientId: 'client-123',
    produitId: 'prod-456',
    montantTotal: 0n,
    nombreEcheances: 1,
    statut: 'SIGNE',
    dateSignature: today(),
  });
  const { id, reference } = contrat;
  expect(reference).toMatch(new RegExp(`^C-${today().slice(0, 4)}-\\d{4,}$`));
  expect(await contrats.get({ id })).toEqual(contrat);
  expect(await contrats.getByReference({ reference })).toEqual(contrat);
});

test('a contract that is recorded signed is told on the stream', async () => {
  const organisationId = unique('org');
  const contrat = await contrats.create(
    { ...someContract(organisationId), montantTotal: 123_456n, dateSignature: '2026-05-04' },
    { metadata: { 'correlation-id': 'signed-by-the-test' } },
  );
  const { data } = await storedEvent(await stack.nats(), SUBJECT, eventOf(contrat));
  expect(ContractSignedEvent.decode(data)).toEqual({
    eventId: eventOf(contrat),
    timestamp: expect.any(Date) as Date,
    correlationId: 'signed-by-the-test',
    contratId: contrat.id,
    organisationId,
    clientId: contrat.clientId,
    produitId: 'prod-456',
    montantTotal: 123_456n,
    dateSignature: '2026-05-04',
  });
});

describe('references', () => {
  const year = today().slice(0, 4);
  const numbered = (n: number) => `C-${year}-${String(n).padStart(4, '0')}`;

  test('are numbered in each organisation, without a double under concurrency', async () => {
    const organisationId = unique('org');
    const created = await Promise.all(
      Array.from({ length: 12 }, () => contrats.create({ ...someContract(organisationId), brouillon: true })),
    );
    const references = created.map(({ reference }) => reference).sort();
    expect(references).toEqual(Array.from({ length: 12 }, (_, n) => numbered(n + 1)));
    const other = await contrats.create({ ...someContract(unique('org')), brouillon: true });
    expect(other.reference).toBe(numbered(1));
  }, 60_000);

  test('that somebody has given already are passed over', async () => {
    const organisationId = unique('org');
    for (const n of [1, 2, 4]) {
      await contrats.create({ ...someContract(organisationId), reference: numbered(n), brouillon: true });
    }
    const generated = [];
    for (const _ of [1, 2]) {
      generated.push((await contrats.create({ ...someContract(organisationId), brouillon: true })).reference);
    }
    expect(generated).toEqual([numbered(3), numbered(5)]);
  });

  test('are unique in an organisation, and the refusal names the field', async () => {
    const organisationId = unique('org');
    const request = { ...someContract(organisationId), reference: 'Contrat_7' };
    const answers = await Promise.allSettled([contrats.create(request), contrats.create(request)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refusal = await refusalOf(contrats.create(request));
    expect(refusal).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringMatching(/^reference: /) as string,
    });
    await contrats.create({ ...request, organisationId: unique('org') });
    const { id } = await contrats.create({ ...someContract(organisationId), brouillon: true });
    const renamed = await refusalOf(contrats.update({ id, reference: 'Contrat_7' }));
    expect(renamed).toMatchObject({ code: 'ALREADY_EXISTS', message: refusal.message });
    expect((await contrats.getByReference({ organisationId, reference: 'Contrat_7' })).statut).toBe('SIGNE');
    const absent = { reference: 'Contrat_7', organisationId: unique('org') };
    expect((await refusalOf(contrats.getByReference(absent))).code).toBe('NOT_FOUND');
  });

  test('are the same for a repeat with the same key', async () => {
    const request = { ...someContract(unique('org')), brouillon: true };
    const settings = { metadata: { 'idempotency-key': randomUUID() } };
    const answers = await Promise.all([1, 2, 3].map(() => contrats.create(request, settings)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

describe('a draft', () => {
  test('is changed, signed once for all who sign it, told of once, and then not changed any more', async () => {
    const organisationId = unique('org');
    const draft = await contrats.create({
      ...someContract(organisationId),
      brouillon: true,
      nombreEcheances: 3,
    });
    expect(draft).toMatchObject({ statut: 'BROUILLON', dateSignature: '' });
    const { id } = draft;
    const changed = await contrats.update({ id, montantTotal: 90_000n, apporteurId: 'a-1' });
    expect(changed).toEqual({
      ...draft,
      montantTotal: 90_000n,
      apporteurId: 'a-1',
      updatedAt: changed.updatedAt,
    });
    expect((await contrats.update({ id, apporteurId: '' })).apporteurId).toBe('');
    expect(await eventsOf(draft)).toBe(0);
    const signed = await Promise.all(
      Array.from({ length: 5 }, () => contrats.signer({ id, dateSignature: '2026-05-04' })),
    );
    for (const answer of signed) {
      expect(answer).toMatchObject({ statut: 'SIGNE', dateSignature: '2026-05-04', montantTotal: 90_000n });
    }
    expect(await contrats.signer({ id, dateSignature: '2026-05-05' })).toEqual(signed[0]);
    expect(await eventsOf(draft)).toBe(1);
    const { data } = await storedEvent(await stack.nats(), SUBJECT, eventOf(draft));
    expect(ContractSignedEvent.decode(data)).toMatchObject({ contratId: id, montantTotal: 90_000n });
    const refusal = await refusalOf(contrats.update({ id, montantTotal: 1n }));
    expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'CONTRAT_STATUT' });
    expect(await contrats.get({ id })).toEqual(signed[0]);
  });

  test('that is dropped cannot be signed or changed, and no event tells of it', async () => {
    const draft = await contrats.create({ ...someContract(unique('org')), brouillon: true });
    const { id } = draft;
    const dropped = await contrats.resilier({ id, motif: 'Sans suite' });
    expect(dropped).toMatchObject({ statut: 'RESILIE', dateSignature: '', motifResiliation: 'Sans suite' });
    for (const call of [() => contrats.signer({ id }), () => contrats.update({ id, montantTotal: 1n })]) {
      expect(await refusalOf(call())).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'CONTRAT_STATUT',
      });
    }
    expect(await eventsOf(draft)).toBe(0);
  });

  test('has no date of signature', async () => {
    const request = { ...someContract(unique('org')), brouillon: true, dateSignature: '2026-05-04' };
    const { code, violations } = await refusalOf(contrats.create(request));
    expect([code, violations[0]?.field]).toEqual(['INVALID_ARGUMENT', 'dateSignature']);
  });

  test('is signed or dropped when both are asked at once, never both', async () => {
    for (const _ of [1, 2, 3]) {
      const draft = await contrats.create({ ...someContract(unique('org')), brouillon: true });
      const { id } = draft;
      const [signed, dropped] = await Promise.allSettled([
        contrats.signer({ id }),
        contrats.resilier({ id }),
      ]);
      expect(dropped.status).toBe('fulfilled');
      const last = await contrats.get({ id });
      expect(last.statut).toBe('RESILIE');
      const wasSigned = signed.status === 'fulfilled';
      expect([last.dateSignature !== '', await eventsOf(draft)]).toEqual([wasSigned, wasSigned ? 1 : 0]);
    }
  });
});

test('terms that no schedule can have, and signatures to come, are refused by name', async () => {
  const tomorrow = new Date(Date.now() + 48 * 3600 * 1000).toISOString().slice(0, 10);
  const someone = someContract(unique('org'));
  const field = async (answer: Promise<unknown>) => {
    const { code, violations } = await refusalOf(answer);
    return [code, violations[0]?.field];
  };
  const late = { montantTotal: 900n, nombreEcheances: 2, datePremiereEcheance: '2199-12-01' };
  for (const brouillon of [true, false]) {
    const create = (terms: object) => field(contrats.create({ ...someone, brouillon, ...terms }));
    expect(await create({ montantTotal: 2n, nombreEcheances: 3 })).toEqual([
      'INVALID_ARGUMENT',
      'nombreEcheances',
    ]);
    expect(await create(late)).toEqual(['INVALID_ARGUMENT', 'datePremiereEcheance']);
  }
  const signedLater = contrats.create({ ...someone, dateSignature: tomorrow });
  expect(await field(signedLater)).toEqual(['INVALID_ARGUMENT', 'dateSignature']);
  const draft = await contrats.create({ ...someone, brouillon: true, nombreEcheances: 3 });
  const { id } = draft;
  const refused = ['INVALID_ARGUMENT', 'nombreEcheances'];
  expect(await field(contrats.update({ id, montantTotal: 2n }))).toEqual(refused);
  expect(await field(contrats.signer({ id, dateSignature: tomorrow }))).toEqual([
    'INVALID_ARGUMENT',
    'dateSignature',
  ]);
  expect(await contrats.get({ id })).toEqual(draft);
  await stack.sql('UPDATE contrats.contrats SET montant_total = 2 WHERE id = $1', id);
  expect(await refusalOf(contrats.signer({ id }))).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'CONTRAT_ECHEANCES' },
    message: expect.stringContaining('nombreEcheances') as string,
  });
  expect([(await contrats.get({ id })).statut, await eventsOf(draft)]).toEqual(['BROUILLON', 0]);
});

test('a signed contract is terminated once, not before its signature', async () => {
  const signed = await contrats.create({ ...someContract(unique('org')), dateSignature: '2026-05-04' });
  const { id } = signed;
  const early = await refusalOf(contrats.resilier({ id, dateResiliation: '2026-05-03' }));
  expect([early.code, early.violations[0]?.field]).toEqual(['INVALID_ARGUMENT', 'dateResiliation']);
  const terminated = await contrats.resilier({ id, dateResiliation: '2026-05-04', motif: 'Déménagement' });
  expect(terminated).toEqual({
    ...signed,
    statut: 'RESILIE',
    dateResiliation: '2026-05-04',
    motifResiliation: 'Déménagement',
    updatedAt: terminated.updatedAt,
  });
  expect(await contrats.resilier({ id, motif: 'Encore' })).toEqual(terminated);
  expect((await refusalOf(contrats.signer({ id }))).reason).toBe('CONTRAT_STATUT');
  expect(await eventsOf(signed)).toBe(1);
});

test('contracts are listed by organisation, client, product, apporteur and state', async () => {
  const organisationId = unique('org');
  const one = await contrats.create({ ...someContract(organisationId), apporteurId: 'a-1' });
  const two = await contrats.create({ ...someContract(organisationId), brouillon: true });
  const ids = async (filter: object) =>
    (await contrats.list({ organisationId, ...filter })).contrats.map(({ id }) => id);
  expect(await ids({})).toEqual([two.id, one.id]);
  expect(await ids({ clientId: one.clientId })).toEqual([one.id]);
  expect(await ids({ apporteurId: 'a-1' })).toEqual([one.id]);
  expect(await ids({ statut: 'BROUILLON' })).toEqual([two.id]);
  expect(await ids({ produitId: 'absent' })).toEqual([]);
});

test('what is not there is NOT_FOUND', async () => {
  const id = 'absent';
  const calls = [
    () => contrats.get({ id }),
    () => contrats.update({ id, montantTotal: 1n }),
    () => contrats.signer({ id }),
    () => contrats.resilier({ id }),
    () => contrats.getEcheancier({ id }),
    () => contrats.getPdf({ id }),
  ];
  for (const call of calls) expect((await refusalOf(call())).code).toBe('NOT_FOUND');
});

test('a contract is a PDF with the same bytes each time, whoever is known of it', async () => {
  const { id: clientId } = await clients.create({
    nom: 'Lefèvre',
    prenom: 'Zoé',
    organisationId: unique('org'),
  });
  for (const contrat of [
    await contrats.create({ ...someContract(unique('org')), clientId, montantTotal: 123_456n }),
    await contrats.create({ ...someContract(unique('org')) }),
  ]) {
    const { id } = contrat;
    const first = await contrats.getPdf({ id });
    expect(first.nomFichier).toBe(`contrat-${contrat.reference}.pdf`);
    expect(Buffer.from(first.contenu).subarray(0, 5).toString()).toBe('%PDF-');
    await contrats.resilier({ id });
    expect(await contrats.getPdf({ id })).toEqual(first);
  }
});

test('a contract that is to be paid has a schedule, as payments plans it; a draft has none', async () => {
  const organisationId = unique('org');
  const terms = { montantTotal: 10_000n, nombreEcheances: 3, datePremiereEcheance: '2027-01-04' };
  const { id } = await contrats.create({ ...someContract(organisationId), ...terms });
  const schedule = await until('its schedule', () => contrats.getEcheancier({ id }));
  expect(schedule).toMatchObject({ organisationId, contratId: id, montantTotal: 10_000n });
  expect(schedule.paiements).toHaveLength(3);
  expect(schedule.paiements.reduce((sum, { montant }) => sum + montant, 0n)).toBe(10_000n);
  const draft = await contrats.create({ ...someContract(organisationId), ...terms, brouillon: true });
  expect((await refusalOf(contrats.getEcheancier({ id: draft.id }))).code).toBe('NOT_FOUND');
});
