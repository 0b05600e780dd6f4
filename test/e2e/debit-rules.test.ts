import { ContratServiceService } from '@crm/proto/contrats/contrats';
import {
  AdressePostale,
  DispensePreavis,
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
  type Mandate,
} from '@crm/proto/payments/payments';
import { Temporal } from 'temporal-polyfill';
import { faultsOfPain008 } from '../support/check-pain008.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const DAY = '2026-03-09';
const FR = 'FR1420041010050500013M02606';
const [GB, CH] = ['GB29NWBK60161331926819', 'CH9300762011623852957'];
const ADDRESS = {
  rue: 'Rue de l’Église',
  numero: '12 bis',
  codePostal: '67000',
  ville: 'Strasbourg',
  pays: 'FR',
};
const stack = sharedStack();
const contrats = stack.client('contrats', ContratServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const schedules = stack.client('payments', PaymentScheduleServiceService);

afterAll(() => stack.close());

const mandateOf = ({
  adresse,
  ...changes
}: { adresse?: Partial<AdressePostale>; [field: string]: unknown } = {}): Promise<Mandate> =>
  mandates.create({
    ...{ organisationId: unique('org'), clientId: unique('client'), iban: FR, titulaire: 'Test User' },
    ...{ dateSignature: '2026-01-15', ...changes },
    adresse: adresse && AdressePostale.fromPartial(adresse),
  });
const planned = ({ id: mandatId, clientId, organisationId }: Mandate, changes: object = {}) =>
  payments.create({ clientId, organisationId, mandatId, montant: 75_000n, datePrevue: DAY, ...changes });
const emit = ({ organisationId }: Pick<Mandate, 'organisationId'>, more: object = {}) =>
  payments.emit({ dateCollecte: DAY, organisationId, ...more });
const row = async (id: string) =>
  (await stack.sql<{ row: string }>('SELECT p::text AS row FROM payments.payments p WHERE id = $1', id))[0]!
    .row;

describe('a debtor’s address', () => {
  test('is in the file in parts; those who need one and have none are left out, by name', async () => {
    const french = await mandateOf({ adresse: ADDRESS });
    const { organisationId } = french;
    const swiss = await mandateOf({ organisationId, iban: CH, adresse: { ville: 'Genève', pays: 'CH' } });
    const british = await mandateOf({ organisationId, iban: GB });
    const plain = await mandateOf({ organisationId });
    expect(french.adresse).toMatchObject({ ...ADDRESS, region: '' });
    const due = await Promise.all([french, swiss, british, plain].map((mandate) => planned(mandate)));
    expect(due.map(({ avertissements }) => avertissements.map(({ code }) => code))).toEqual([
      ['DATE_PASSEE'],
      ['DATE_PASSEE'],
      ['DATE_PASSEE', 'ADRESSE_DEBITEUR'],
      ['DATE_PASSEE'],
    ]);
    const emitted = await emit(french);
    expect(emitted).toMatchObject({
      nombre: 3,
      ecartes: [{ paymentId: due[2]!.id, clientId: british.clientId, motif: 'ADRESSE_DEBITEUR' }],
      ecartesParMotif: [{ motif: 'ADRESSE_DEBITEUR', nombre: 1, total: 75_000n }],
    });
    const xml = emitted.contenu.toString();
    expect(await faultsOfPain008(emitted.contenu)).toBe('');
    expect(xml).toContain(
      '<Nm>Test User</Nm><PstlAdr><StrtNm>Rue de l&apos;Eglise</StrtNm><BldgNb>12 bis</BldgNb>' +
        '<PstCd>67000</PstCd><TwnNm>Strasbourg</TwnNm><Ctry>FR</Ctry></PstlAdr></Dbtr>',
    );
    expect(xml).toContain('<PstlAdr><TwnNm>Geneve</TwnNm><Ctry>CH</Ctry></PstlAdr>');
    expect(xml.match(/<PstlAdr>/g)).toHaveLength(2);
    // what was presented stays as it was
    const moved = { ...ADDRESS, ville: 'Colmar' };
    expect(
      (await mandates.update({ id: french.id, adresse: AdressePostale.fromPartial(moved) })).adresse,
    ).toMatchObject(moved);
    expect(await emit(french)).toEqual(emitted);
    await mandates.update({
      id: british.id,
      adresse: AdressePostale.fromPartial({ ville: 'London', pays: 'GB' }),
    });
    const second = await emit(french);
    expect(second).toMatchObject({ nombre: 1, ecartes: [] });
    expect(await faultsOfPain008(second.contenu)).toBe('');
  }, 120_000);

  test.each([
    ['adresse.ville', { pays: 'FR' }],
    ['adresse.pays', { ville: 'Paris' }],
    ['adresse.pays', { ville: 'Paris', pays: 'fr' }],
    ['adresse.pays', { ville: 'Paris', pays: 'ZZ' }],
    ['adresse.ville', { ville: '東京', pays: 'FR' }],
    ['adresse.rue', { ville: 'Paris', pays: 'FR', rue: 'x'.repeat(71) }],
    ['adresse.codePostal', { ville: 'Paris', pays: 'FR', codePostal: '1'.repeat(17) }],
  ])('with a wrong %s is refused: %j', async (field, adresse) => {
    expect(await refusalOf(mandateOf({ adresse }))).toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', violations: [{ field }] },
    });
    const { id } = await mandateOf();
    expect(
      (await refusalOf(mandates.update({ id, adresse: AdressePostale.fromPartial(adresse) }))).violations,
    ).toMatchObject([{ field }]);
  });

  test('left out is no address: an update without one is refused, all faults at once', async () => {
    const { id } = await mandateOf();
    expect((await refusalOf(mandates.update({ id }))).violations).toMatchObject([{ field: 'adresse' }]);
    const empty = await refusalOf(mandateOf({ adresse: { rue: 'Rue' } }));
    expect(empty.violations.map(({ field }) => field).sort()).toEqual(['adresse.pays', 'adresse.ville']);
  });
});

describe('a mandate lapses 36 months after its last collection', () => {
  test('or its signature; then nothing more is planned by it', async () => {
    const last = await mandateOf({ dateSignature: '2023-03-09' });
    expect(last).toMatchObject({ dernierePresentation: '', valideJusquAu: DAY });
    await planned(last);
    const lapsed = await mandateOf({ dateSignature: '2023-03-08' });
    const refused = await refusalOf(planned(lapsed));
    expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'MANDAT_CADUC' });
    expect(refused.message).toContain('mandatId');
    const { organisationId, clientId, id: mandatId } = lapsed;
    const schedule = { organisationId, clientId, mandatId, contratId: unique('contrat'), montantTotal: 100n };
    expect((await refusalOf(schedules.create({ ...schedule, datePremiereEcheance: DAY }))).reason).toBe(
      'MANDAT_CADUC',
    );
    // another system has used it since
    const used = await mandateOf({ dateSignature: '2019-01-01', dernierePresentation: '2024-02-29' });
    expect(used).toMatchObject({ dernierePresentation: '2024-02-29', valideJusquAu: '2027-02-28' });
    for (const dernierePresentation of ['2018-12-31', '2199-01-01']) {
      const wrong = mandateOf({ dateSignature: '2019-01-01', dernierePresentation });
      expect((await refusalOf(wrong)).violations).toMatchObject([{ field: 'dernierePresentation' }]);
    }
  });

  test('a debit that is planned before has it live on', async () => {
    const mandate = await mandateOf({ dateSignature: '2024-03-12' });
    const [within, later] = ['2027-03-01', '2027-03-15'];
    expect((await refusalOf(planned(mandate, { datePrevue: later }))).reason).toBe('MANDAT_CADUC');
    await planned(mandate, { datePrevue: within });
    expect(await planned(mandate, { datePrevue: later })).toMatchObject({ statut: 'PLANIFIE' });
  });

  test('Emit names what was planned by one that has lapsed since; what it presents has the mandate live on', async () => {
    const mandate = await mandateOf();
    const { organisationId } = mandate;
    const other = await mandateOf({ organisationId });
    const [left, taken] = [await planned(mandate), await planned(other)];
    await stack.sql(`UPDATE payments.mandates SET date_signature = '2023-03-08' WHERE id = $1`, mandate.id);
    expect(await emit(mandate)).toMatchObject({
      ...{ nombre: 1, ecartes: [{ paymentId: left.id, motif: 'MANDAT_CADUC' }] },
    });
    expect((await payments.get({ id: taken.id })).statut).toBe('EMIS');
    expect(await mandates.get({ id: other.id })).toMatchObject({
      ...{ dernierePresentation: DAY, valideJusquAu: '2029-03-09' },
    });
    await payments.reject({ id: taken.id, motifRejet: 'AM04' });
    expect((await mandates.get({ id: other.id })).valideJusquAu).toBe('2029-03-09');
  });
});

describe('notice', () => {
  /** The next open day. */
  const soon = (mandate: Mandate) => planned(mandate, { datePrevue: '' });

  test('is kept: a debit that its client was not told of in time stays planned, unless somebody says so', async () => {
    const mandate = await mandateOf({ prenotificationJours: 10 });
    const [one, two, told] = [await soon(mandate), await soon(mandate), await soon(mandate)];
    expect(one.avertissements).toMatchObject([{ code: 'PREAVIS' }]);
    expect(await payments.get({ id: one.id })).toEqual(one);
    const { datePrevue: dateCollecte } = one;
    const prenotifieAt = new Date(Date.now() - 11 * 24 * 3600 * 1000);
    const marked = await payments.marquerPrenotifie({ id: told.id, datePrevue: dateCollecte, prenotifieAt });
    expect(marked).toMatchObject({ prenotifiePour: dateCollecte, prenotifieAt });
    // an hour ago is not ten days
    await payments.marquerPrenotifie({ id: two.id, datePrevue: dateCollecte });
    const future = { id: two.id, datePrevue: dateCollecte, prenotifieAt: new Date(Date.now() + 3_600_000) };
    expect((await refusalOf(payments.marquerPrenotifie(future))).violations).toMatchObject([
      { field: 'prenotifieAt' },
    ]);

    const before = await Promise.all([one, two, told].map(({ id }) => row(id)));
    const dry = await emit(mandate, { dateCollecte, dryRun: true });
    expect(dry).toMatchObject({
      nomFichier: '',
      nombre: 1,
      total: 75_000n,
      presentables: [{ paymentId: told.id }],
    });
    expect(dry.contenu).toHaveLength(0);
    expect(await Promise.all([one, two, told].map(({ id }) => row(id)))).toEqual(before);

    const emitted = await emit(mandate, { dateCollecte });
    expect(emitted).toMatchObject({ nombre: 1, ecartesParMotif: [{ motif: 'PREAVIS', nombre: 2 }] });
    expect(emitted.ecartes).toEqual(dry.ecartes);
    expect(emitted.ecartes.map(({ paymentId }) => paymentId).sort()).toEqual([one.id, two.id].sort());
    expect((await payments.get({ id: told.id })).sansPreavis).toBeUndefined();

    const motif = 'le client l’a demandé au téléphone';
    const sansPreavis = DispensePreavis.fromPartial({ motif, paymentIds: [one.id] });
    const without = await emit(mandate, { dateCollecte, sansPreavis });
    expect(without).toMatchObject({ nombre: 1, ecartes: [{ paymentId: two.id, motif: 'PREAVIS' }] });
    expect(await payments.get({ id: one.id })).toMatchObject({
      statut: 'EMIS',
      sansPreavis: { auteur: 'alice', motif },
    });
    const nobody = emit(mandate, { dateCollecte, sansPreavis: DispensePreavis.fromPartial({ motif: ' ' }) });
    expect((await refusalOf(nobody)).violations).toMatchObject([{ field: 'sansPreavis.motif' }]);
  });

  test('a contract that was signed with a past date debits nothing of the past without a word', async () => {
    const mandate = await mandateOf();
    const { organisationId, clientId, id: mandatId } = mandate;
    const schedule = await schedules.create({
      ...{ organisationId, clientId, mandatId, contratId: unique('contrat'), montantTotal: 900n },
      ...{ nombreEcheances: 3, datePremiereEcheance: '2026-02-02' },
    });
    expect(schedule.avertissements).toMatchObject([{ code: 'DATE_PASSEE' }]);
    expect(await schedules.get({ id: schedule.id })).toEqual(schedule);
    for (const dateCollecte of [DAY, (await soon(await mandateOf())).datePrevue]) {
      const { nombre, ecartes } = await emit(mandate, { dateCollecte });
      expect([nombre, new Set(ecartes.map(({ motif }) => String(motif)))]).toEqual([0, new Set(['PREAVIS'])]);
    }
  });

  test('a single debit that is planned for a past day is warned about, and kept as presented without notice', async () => {
    const mandate = await mandateOf();
    const { id, avertissements } = await planned(mandate);
    expect(avertissements).toMatchObject([{ code: 'DATE_PASSEE' }]);
    // its collection day has passed; for a debit of today the client must be told
    const today = (await soon(await mandateOf())).datePrevue;
    expect(await emit(mandate, { dateCollecte: today })).toMatchObject({
      nombre: 0,
      ecartes: [{ motif: 'PREAVIS' }],
    });
    expect((await emit(mandate)).nombre).toBe(1);
    expect((await payments.get({ id })).sansPreavis).toMatchObject({ auteur: 'alice' });
  });

  test('of a debit by a mandate that will have lapsed nobody is told', async () => {
    const day = todayInParis().add({ days: 5 });
    const mandate = await mandateOf();
    const { id } = await planned(mandate);
    await stack.sql(`UPDATE payments.payments SET date_prevue = $2 WHERE id = $1`, id, day.toString());
    const told = async () => {
      const ids = [];
      let pageToken = '';
      do {
        const page = await payments.listPrenotifications({ pageSize: 200, pageToken });
        ids.push(...page.prenotifications.map(({ paymentId }) => paymentId));
        pageToken = page.nextPageToken;
      } while (pageToken);
      expect(ids).toEqual(ids.toSorted());
      return ids;
    };
    expect(await told()).toContain(id);
    const [toCome] = (await payments.listPrelevements({ organisationId: mandate.organisationId }))
      .prelevements;
    expect(toCome!.paiement!.id).toBe(id);
    const signed = Temporal.PlainDate.from(day).subtract({ months: 36, days: 3 }).toString();
    await stack.sql(`UPDATE payments.mandates SET date_signature = $2 WHERE id = $1`, mandate.id, signed);
    expect(await told()).not.toContain(id);
    const { organisationId } = mandate;
    expect((await payments.listPrelevements({ organisationId })).prelevements).toEqual([]);
  });
});

test('a dry run says of all what would become of them, and changes nothing', async () => {
  const mandate = await mandateOf();
  const { organisationId, clientId } = mandate;
  const revoked = await mandateOf({ organisationId });
  const contrat = await contrats.create({ organisationId, clientId, produitId: 'prod-456' });
  await contrats.resilier({ id: contrat.id, motif: 'déménagement' });
  const [taken, ended, gone] = [
    await planned(mandate),
    await planned(mandate, { contratId: contrat.id }),
    await planned(revoked),
  ];
  await mandates.revoke({ id: revoked.id, motif: 'demande du client' });
  const dry = await emit(mandate, { dryRun: true });
  expect(dry).toMatchObject({
    nombre: 1,
    total: 75_000n,
    presentables: [{ paymentId: taken.id, montant: 75_000n }],
  });
  expect(dry.ecartes.map(({ paymentId, motif }) => [paymentId, String(motif)]).sort()).toEqual(
    [
      [ended.id, 'CONTRAT_RESILIE'],
      [gone.id, 'MANDAT_REVOQUE'],
    ].sort(),
  );
  expect(
    await stack.sql('SELECT id FROM payments.bank_files WHERE pour_organisation_id = $1', organisationId),
  ).toEqual([]);
  expect((await payments.get({ id: taken.id })).statut).toBe('PLANIFIE');
  const emitted = await emit(mandate);
  expect(emitted.ecartes).toEqual(dry.ecartes);
  expect(emitted.taille).toBe(BigInt(emitted.contenu.length));
});
