import {
  CreancierServiceService,
  MandateServiceService,
  PaymentServiceService,
  type Candidat,
  type EmitResponse,
} from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { Temporal } from 'temporal-polyfill';
import { camt054, endToEndId, entry } from '../support/bank-reports.ts';
import { ops } from '../support/ops.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const DAY = '2026-03-09';
const FR = 'FR1420041010050500013M02606';
const stack = sharedStack();
const creanciers = stack.client('payments', CreancierServiceService);
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const retries = stack.client('retry', RetryAdminServiceService);

afterAll(() => stack.close());

const mandateOf = (organisationId: string, more: object = {}) =>
  mandates.create({
    ...{
      organisationId,
      clientId: unique('client'),
      iban: FR,
      titulaire: 'Zoé Vasseur',
      dateSignature: '2026-01-15',
    },
    ...more,
  });
type Of = { id: string; clientId: string; organisationId: string };
const planned = ({ id: mandatId, clientId, organisationId }: Of, more: object = {}) =>
  payments.create({ clientId, organisationId, mandatId, montant: 75_000n, datePrevue: DAY, ...more });

/** What a dry run and the file that follows have in common. */
const told = ({ nombre, total, blocs, ecartes, ecartesParMotif }: EmitResponse) => ({
  ...{ nombre, total, blocs, ecartes, ecartesParMotif },
});

describe('the next file for the bank', () => {
  test('is what its dry run showed, and refused if something has changed since; it is listed, and read again', async () => {
    const organisationId = unique('org');
    await creanciers.create({
      ...{ organisationId, nom: 'Atelier Sully', iban: 'FR7630006000011234567890189', ics: 'FR72ZZZ123456' },
    });
    const mandate = await mandateOf(organisationId);
    const revoked = await mandateOf(organisationId);
    await planned(mandate);
    // the second by the same mandate is RCUR, though nothing was presented yet
    const second = await planned(mandate, { montant: 1_000n });
    const without = await planned(revoked);
    await mandates.revoke({ id: revoked.id, motif: 'parti' });
    await planned(mandate, { datePrevue: todayInParis().add({ days: 60 }).toString() });
    await payments.create({ organisationId, clientId: unique('client'), montant: 5n, datePrevue: DAY });

    const asked = { dateCollecte: DAY, organisationId };
    const dry = await payments.emit({ ...asked, dryRun: true });
    const bloc = { organisationId, creancierNom: 'Atelier Sully', creancierIcs: 'FR72ZZZ123456', nombre: 1 };
    expect(dry).toMatchObject({
      ...{ nombre: 2, total: 76_000n, nomFichier: '' },
      blocs: [
        { ...bloc, sequence: 'FRST', total: 75_000n },
        { ...bloc, sequence: 'RCUR', total: 1_000n },
      ],
      presentables: [
        { sequence: 'FRST', montantPrevu: 75_000n, datePrevue: DAY, rum: mandate.rum, tentative: 1 },
        { sequence: 'RCUR' },
      ],
      ecartes: [{ paymentId: without.id, motif: 'MANDAT_REVOQUE', rum: revoked.rum }],
      aVenir: { nombre: 1, total: 75_000n },
      sansMandat: { nombre: 1, total: 5n, premier: DAY },
    });

    const { id: third } = await planned(mandate, { montant: 2_000n });
    const stale = await refusalOf(payments.emit({ ...asked, empreinte: dry.empreinte }));
    expect(stale).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'EMISSION_CHANGEE' });
    expect(stale.message).toMatch(/3 debits of 780,00/);
    expect(await payments.get({ id: second.id })).toMatchObject({ statut: 'PLANIFIE' });

    const again = await payments.emit({ ...asked, dryRun: true });
    const settings = { metadata: { 'idempotency-key': unique('key') } };
    const emitted = await payments.emit({ ...asked, empreinte: again.empreinte }, settings);
    expect(told(emitted)).toEqual(told(again));
    expect(emitted).toMatchObject({ nombre: 3, nomFichier: expect.stringContaining(DAY) as string });
    // the repeat of a lost answer is no second decision
    expect(await payments.emit({ ...asked, empreinte: again.empreinte }, settings)).toMatchObject({
      ...{ nomFichier: emitted.nomFichier, nombre: 3 },
    });

    await payments.confirm({ id: third });
    await payments.reject({ id: second.id, motifRejet: 'AM04' });
    const { fichiers } = await payments.listFichiers({ organisationId });
    expect(fichiers).toMatchObject([
      {
        ...{ nomFichier: emitted.nomFichier, dateCollecte: DAY, nombre: 3, total: 78_000n },
        ...{
          statut: 'FICHIER_ECRIT',
          encaisses: 1,
          rejetes: 1,
          enAttente: 1,
          organisationIds: [organisationId],
        },
      },
    ]);
    const download = async (id: string) => {
      const pieces: Buffer[] = [];
      for await (const { contenu } of payments.downloadFichier({ id })) pieces.push(contenu);
      return Buffer.concat(pieces);
    };
    expect(await download(fichiers[0]!.id)).toEqual(emitted.contenu);
    expect(await refusalOf(download(unique('none')))).toMatchObject({
      code: 'NOT_FOUND',
    });
  }, 120_000);
});

describe('an unknown line', () => {
  /** A presented debit, and a line of the bank that names none. */
  async function unknown(reference: string, montant: bigint, more: object = {}) {
    const organisationId = unique('org');
    const mandate = await mandateOf(organisationId, more);
    const { id } = await planned(mandate, { montant });
    await payments.emit({ dateCollecte: DAY, organisationId });
    const amount = `<Amt Ccy="EUR">${montant / 100n}.${String(montant % 100n).padStart(2, '0')}</Amt>`;
    const contenu = camt054(
      entry({ id: reference || endToEndId(id).slice(0, 16), reason: 'AM04', more: amount }),
    );
    const { rapportId, inconnus } = await payments.importBankReport({ nomFichier: 'camt054.xml', contenu });
    expect(inconnus).toBe(1);
    return { id, mandate, rapportId, organisationId };
  }
  const first = async (rapportId: string, recherche = ''): Promise<Candidat | undefined> =>
    (await payments.listCandidats({ rapportId, rang: 1, recherche })).candidats[0];

  test('has the payments that it may be of: by a reference that was cut off, by its amount, by what people know', async () => {
    const montant = BigInt(1_000_000 + Math.floor(Math.random() * 8_000_000));
    const cut = await unknown('', montant);
    expect(await first(cut.rapportId)).toMatchObject({
      ...{ paiement: { id: cut.id }, tentative: 1, montant, dateCollecte: DAY, rum: cut.mandate.rum },
      ...{ titulaire: 'Zoé Vasseur', obstacle: '', indices: ['INDICE_REFERENCE', 'INDICE_MONTANT'] },
    });
    const other = await unknown(unique('other'), montant + 1n, { titulaire: unique('Maison') });
    expect(await first(other.rapportId)).toMatchObject({
      ...{ paiement: { id: other.id }, indices: ['INDICE_MONTANT'] },
    });
    for (const words of [other.mandate.rum, other.mandate.titulaire.toUpperCase(), other.id])
      expect(await first(other.rapportId, words)).toMatchObject({ paiement: { id: other.id } });
    expect(await first(other.rapportId, unique('100%'))).toBeUndefined();
    // it would be refused, and says why
    expect(await first(other.rapportId, cut.mandate.rum)).toMatchObject({
      obstacle: expect.stringContaining('paiement.montantDifferent') as string,
    });
  }, 120_000);

  test('is closed by operators with words for its payment; several are told apart', async () => {
    const montant = BigInt(10_000_000 + Math.floor(Math.random() * 8_000_000));
    const { id, rapportId, mandate, organisationId } = await unknown(unique('none'), montant);
    const close = (payment: string) =>
      ops(stack, 'bank-reports', 'close', rapportId, '1', '--payment', payment, '--why', 'vu avec la banque');
    expect((await close(unique('RUM'))).output).toMatch(/No payment that was presented to the bank/);
    await planned(mandate, { montant: 4_200n });
    await payments.emit({ dateCollecte: DAY, organisationId });
    const several = await close(mandate.rum);
    expect(several.output).toMatch(/Several payments.*42,00/s);
    const closed = await close(endToEndId(id));
    expect(closed.code).toBe(0);
    expect(await payments.get({ id })).toMatchObject({ statut: 'REJETE', motifRejet: 'AM04' });
  }, 120_000);
});

test('charges are listed with their payments and their sum; mandates are found by words and by their lapse; debits by date', async () => {
  const organisationId = unique('org');
  const mandate = await mandateOf(organisationId, { titulaire: unique('Ferme') });
  const { id } = await planned(mandate);
  await payments.emit({ dateCollecte: DAY, organisationId });
  const charged = entry({
    ...{ id: endToEndId(id), reason: 'MD06' },
    more: '<Chrgs><Rcrd><Amt Ccy="EUR">7.50</Amt></Rcrd></Chrgs>',
  });
  await payments.importBankReport({ nomFichier: 'frais.xml', contenu: camt054(charged) });
  expect(await payments.listFrais({ organisationId })).toMatchObject({
    ...{ nombre: 1, total: 750n, nextPageToken: '' },
    frais: [
      { frais: { montant: 750n, date: '2026-03-10' }, tentative: 1, paiement: { id, motifRejet: 'MD06' } },
    ],
  });
  expect(await payments.listFrais({ organisationId, du: '2026-03-11' })).toMatchObject({
    nombre: 0,
    frais: [],
  });

  const old = await mandateOf(organisationId, { dateSignature: '2022-05-02' });
  const ids = async (request: object) =>
    (await mandates.list({ organisationId, ...request })).mandates.map((one) => one.id);
  expect(await ids({ recherche: mandate.titulaire.toLowerCase() })).toEqual([mandate.id]);
  expect(await ids({ recherche: old.rum.slice(4) })).toEqual([old.id]);
  expect(old.valideJusquAu).toBe('2025-05-02');
  expect(await ids({ caducsAu: '2025-05-03' })).toEqual([old.id]);
  expect(await ids({ caducsAu: '2025-05-02' })).toEqual([]);

  const days = [40, 20, 30].map((days) => todayInParis().add({ days }).toString());
  const open = await Promise.all(days.map((day) => openDay(day)));
  for (const datePrevue of open) await planned(mandate, { datePrevue });
  const seen: string[] = [];
  for (let pageToken = ''; ;) {
    const page = await payments.listPrelevements({ organisationId, parDate: true, pageSize: 2, pageToken });
    seen.push(...page.prelevements.map(({ paiement }) => paiement!.datePrevue));
    if (!(pageToken = page.nextPageToken)) break;
  }
  expect(seen).toEqual(open.toSorted());
}, 120_000);

/** The first day from one on on which banks are open: no weekend; the holidays of T2 are few. */
const openDay = async (day: string): Promise<string> => {
  const date = Temporal.PlainDate.from(day);
  const next = date.dayOfWeek > 5 ? date.add({ days: 8 - date.dayOfWeek }) : date;
  return ['12-25', '12-26', '01-01'].includes(next.toString().slice(5))
    ? openDay(next.add({ days: 1 }).toString())
    : next.toString();
};

test('retries are listed by reason and by day, and counted', async () => {
  const organisationId = unique('org');
  const reasons = ['AM04', 'AM04', 'AC04'];
  for (const motifRejet of reasons) {
    const { id } = await planned(await mandateOf(organisationId));
    await payments.emit({ dateCollecte: DAY, organisationId });
    await payments.reject({ id, motifRejet });
  }
  const list = async (request: object) =>
    (await retries.listSchedules({ organisationId, ...request })).schedules;
  await until('the schedules', async () => ((await list({})).length === 3 ? true : undefined));
  expect(await list({ motifRejet: 'am04' })).toHaveLength(2);
  const found = await list({ parDate: true });
  expect(found.map(({ motifRejet }) => motifRejet)).toEqual(['AM04', 'AM04', 'AC04']);
  const [next] = found;
  const day = Temporal.Instant.from(next!.prochaineAt!.toISOString())
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDate();
  expect(await list({ prochaineDu: String(day), prochaineAu: String(day) })).toHaveLength(2);
  expect(await list({ prochaineDu: String(day.add({ days: 1 })) })).toHaveLength(0);
  const paged: string[] = [];
  for (let pageToken = ''; ;) {
    const page = await retries.listSchedules({ organisationId, parDate: true, pageSize: 1, pageToken });
    paged.push(...page.schedules.map(({ id }) => id));
    if (!(pageToken = page.nextPageToken)) break;
  }
  expect(paged).toEqual(found.map(({ id }) => id));
  const { parts } = await retries.getRepartition({ organisationId });
  expect(parts).toMatchObject([
    { motifRejet: 'AM04', statut: 'PLANIFIE', nombre: 2, montant: 150_000n },
    { motifRejet: 'AC04', statut: 'ARRETE', nombre: 1, montant: 75_000n },
  ]);
}, 120_000);
