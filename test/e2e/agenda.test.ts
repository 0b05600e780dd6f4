import { todayInParis } from '@crm/domain';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { CalendarEngineServiceService, Calendrier } from '@crm/proto/calendar/calendar';
import type { AgendaRequest, EcheanceAgenda } from '@crm/proto/relance/agenda';
import { BaseRelance, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { Temporal } from 'temporal-polyfill';
import { AMOUNT, ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient } = ground(stack);
const regles = stack.client('relance', RegleRelanceServiceService);
const taches = stack.client('activites', TacheServiceService);
const calendar = stack.client('calendar', CalendarEngineServiceService);

afterAll(() => stack.close());

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();
const startOfDay = (day: string) =>
  new Date(Temporal.PlainDate.from(day).toZonedDateTime('Europe/Paris').epochMilliseconds);

const agenda = async (request: Partial<AgendaRequest>) =>
  (await services.relances.agenda(request, { deadlineMs: 60_000 })).echeances;
const shown = (lines: EcheanceAgenda[]) =>
  lines.map(({ genre, datePrevue, numero }) => `${datePrevue?.toISOString()} ${genre} ${numero}`);

/** A client with something of every kind to come. */
async function busyClient() {
  const whose = await prepareClient();
  const { organisationId, clientId } = whose;
  await regles.create({ organisationId, niveau: 1, modele: 'rappel' });
  const second = { niveau: 2, base: BaseRelance.DATE_ECHEANCE, delai: 'P8D', modele: 'relance' };
  await regles.create({ organisationId, ...second });
  const invoice = await services.factures.create({ organisationId, clientId, montant: AMOUNT });
  const mandat = await services.mandats.create({
    ...{ organisationId, clientId, iban: 'FR1420041010050500013M02606', titulaire: 'Zoé Martin' },
    dateSignature: '2026-01-15',
  });
  const calendriers = [Calendrier.FRANCE, Calendrier.T2];
  const { datePrevue } = await calendar.calculatePlannedDate({ delaiJours: 40, calendriers });
  const debit = { organisationId, clientId, mandatId: mandat.id, montant: 5_000n, datePrevue };
  const planned = await services.payments.create(debit);
  const rejected = await services.payments.create({ organisationId, clientId, montant: 7_000n });
  await services.payments.reject({ id: rejected.id, motifRejet: 'AM04' });
  const echeance = new Date(Date.now() + 3 * 86_400_000);
  const tache = await taches.create({ organisationId, clientId, titre: 'Appeler Zoé', echeance });
  await until('the reminder', () => services.relances.get({ id: invoice.id }));
  await until('the retries', () => services.retries.getSchedule({ id: rejected.id }));
  const suivi = await until(
    'the follow-up',
    async () => (await services.suivis.list({ clientId })).suivis[0],
  );
  return { ...whose, invoice, mandat, planned, rejected, tache, suivi, datePrevue };
}

test('all that is to come is told in order, on the dates that previews and schedules tell', async () => {
  const client = await busyClient();
  const { organisationId, clientId, invoice, planned, rejected, tache, suivi, datePrevue } = client;
  const { dateFacture, dateEcheance, createdAt: emiseAt } = invoice;
  const { envois } = await services.relances.preview({ organisationId, dateFacture, dateEcheance, emiseAt });
  const schedule = await services.retries.getSchedule({ id: rejected.id });
  const expected: [Date, string, number][] = [
    ...envois.map((one): [Date, string, number] => [one.datePrevue!, 'MAIL_RELANCE', one.niveau]),
    [
      startOfDay(Temporal.PlainDate.from(datePrevue).subtract({ days: 14 }).toString()),
      'MAIL_PRENOTIFICATION',
      1,
    ],
    [startOfDay(datePrevue), 'PRELEVEMENT', 1],
    [schedule.annonceAt!, 'MAIL_REESSAI', 2],
    ...schedule.tentatives
      .slice(1)
      .map((one): [Date, string, number] => [one.annonceAt!, 'MAIL_REESSAI', one.numero + 1]),
    ...schedule.tentatives.map((one): [Date, string, number] => [one.datePrevue!, 'REESSAI', one.numero + 1]),
    [suivi.datePrevue!, 'TACHE_SUIVI', 0],
    [suivi.dateRappel!, 'RAPPEL_SUIVI', 0],
    [tache.echeance!, 'TACHE', 0],
  ];
  const lines = await agenda({ organisationId });
  const inOrder = expected.map(([at, ...rest]) => `${at.toISOString()} ${rest.join(' ')}`);
  expect(shown(lines).sort()).toEqual(inOrder.sort());
  const instants = lines.map(({ datePrevue: at }) => at!.getTime());
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  expect(schedule.tentatives[0]!.datePrevue).toEqual(schedule.prochaineAt);

  const of = (genre: string, numero = 0) =>
    lines.find((line) => line.genre === genre && (!numero || line.numero === numero))!;
  const { numero } = invoice;
  expect(lines.map(({ clientNom }) => clientNom)).toEqual(lines.map(() => 'Zoé Martin'));
  expect(of('MAIL_RELANCE', 1).invoiceNumero).toBe(numero);
  expect(of('TACHE_SUIVI').libelle).toBe('Tâche de premier suivi de Zoé Martin');
  expect(of('MAIL_RELANCE', 1)).toMatchObject({
    libelle: `Relance J+15 de la facture ${numero}`,
    montant: AMOUNT,
    invoiceId: invoice.id,
    arret:
      'paiement, avoir, saut du niveau, pause, réponse ou promesse du client, litige, annulation, opposition du client',
  });
  expect(of('MAIL_RELANCE', 1).pourquoi).toContain(`J+15 de la facture ${numero}, niveau 1 (rappel)`);
  expect(of('MAIL_RELANCE', 2).pourquoi).toContain(`échéance+8 de la facture ${numero}`);
  expect(of('REESSAI', 2).pourquoi).toMatch(
    /^2e présentation après AM04 du .*, politique J\+5, J\+10, J\+20$/,
  );
  expect(of('REESSAI', 2)).toMatchObject({ condition: '', montant: 7_000n, paymentId: rejected.id });
  expect(of('REESSAI', 3).condition).toBe('si la 2e présentation est rejetée');
  expect(of('MAIL_REESSAI', 3).condition).toBe('si la 2e présentation est rejetée');
  expect(of('PRELEVEMENT')).toMatchObject({ jourEntier: true, montant: 5_000n, paymentId: planned.id });
  expect(of('TACHE_SUIVI').pourquoi).toBe('premier suivi, 7\u00a0jours après la création du client');
  expect(of('RAPPEL_SUIVI').condition).toBe('si la tâche est encore ouverte');
  expect(of('TACHE')).toMatchObject({ libelle: 'Tâche\u00a0: Appeler Zoé', tacheId: tache.id });

  // of the client it is the same, and so it is page by page, and day by day no more than that
  expect(shown(await agenda({ clientId }))).toEqual(shown(lines));
  const paged: EcheanceAgenda[] = [];
  for (let pageToken = ''; ;) {
    const page = await services.relances.agenda({ organisationId, pageSize: 4, pageToken });
    expect(page.echeances.length).toBeLessThanOrEqual(4);
    paged.push(...page.echeances);
    pageToken = page.nextPageToken;
    if (!pageToken) break;
  }
  expect(shown(paged)).toEqual(shown(lines));
  expect(shown(await agenda({ organisationId, du: datePrevue, au: datePrevue }))).toContain(
    `${startOfDay(datePrevue).toISOString()} PRELEVEMENT 1`,
  );
  expect(await agenda({ organisationId, au: inDays(2) })).toEqual([]);
  expect(await agenda({ organisationId, clientId: unique('client') })).toEqual([]);
}, 180_000);

test('what is paused, paid, cancelled or done changes', async () => {
  const { organisationId, clientId, invoice, mandat, rejected, tache, planned } = await busyClient();
  const kinds = async () => (await agenda({ organisationId })).map(({ genre }) => genre as string);
  const { relances, payments } = services;

  // the second level is due by then: the first one gives way to it
  await relances.pause({ id: invoice.id, jusquAu: inDays(50), motif: 'promesse de paiement' });
  const mails = (await agenda({ clientId })).filter(({ genre }) => genre === 'MAIL_RELANCE');
  expect(mails.map(({ numero }) => numero)).toEqual([2]);
  await relances.pause({ id: invoice.id, jusquAu: inDays(30), motif: 'promesse de paiement' });
  const [first, second] = (await agenda({ clientId })).filter(({ genre }) => genre === 'MAIL_RELANCE');
  const { prochaineAt } = await relances.get({ id: invoice.id });
  expect(first).toMatchObject({
    enPause: true,
    pauseJusquAu: inDays(30),
    datePrevue: prochaineAt,
    numero: 1,
  });
  // the second level keeps its distance from the first one
  expect(second!.datePrevue!.getTime()).toBeGreaterThanOrEqual(prochaineAt!.getTime() + 86_400_000);
  await relances.pause({ id: invoice.id, motif: 'litige' });
  const undated = (await agenda({ clientId })).slice(-2);
  expect(undated).toMatchObject([
    { genre: 'MAIL_RELANCE', enPause: true, datePrevue: undefined, numero: 1 },
    { genre: 'MAIL_RELANCE', enPause: true, datePrevue: undefined, numero: 2 },
  ]);
  await relances.resume({ id: invoice.id });

  const part = await payments.create({ organisationId, clientId, invoiceId: invoice.id, montant: 50_000n });
  await payments.confirm({ id: part.id });
  const left = (await agenda({ clientId })).find(({ genre }) => genre === 'MAIL_RELANCE')!.montant;
  expect(left).toBe(AMOUNT - 50_000n);
  const rest = await payments.create({ organisationId, clientId, invoiceId: invoice.id, montant: left });
  await payments.confirm({ id: rest.id });
  // at once: what remains is read, and not what the workflow has heard of yet
  expect(await kinds()).not.toContain('MAIL_RELANCE');

  await services.retries.cancelSchedule({ id: rejected.id, motif: 'virement promis' });
  expect(await kinds()).not.toContain('REESSAI');
  await taches.marquerTerminee({ id: tache.id });
  expect(await kinds()).toContain('PRELEVEMENT');
  await services.mandats.revoke({ id: mandat.id, motif: 'à la demande du client' });
  expect(await kinds()).toEqual(['TACHE_SUIVI', 'RAPPEL_SUIVI']);
  expect((await payments.get({ id: planned.id })).statut).toBe('PLANIFIE');
}, 180_000);

test('reminders to one client keep their distance on the agenda, too', async () => {
  const { organisationId, clientId } = await prepareClient();
  const invoices = [];
  for (let i = 0; i < 3; i++) {
    invoices.push(await services.factures.create({ organisationId, clientId, montant: AMOUNT }));
  }
  for (const { id } of invoices) await until('the reminder', () => services.relances.get({ id }));
  const lines = (await agenda({ clientId })).filter(({ genre }) => genre === 'MAIL_RELANCE');
  expect(new Set(lines.map(({ invoiceId }) => invoiceId)).size).toBe(3);
  for (const [index, { datePrevue }] of lines.entries()) {
    if (index === 0) continue;
    const before = lines[index - 1]!;
    expect(datePrevue!.getTime() - before.datePrevue!.getTime()).toBeGreaterThanOrEqual(86_400_000);
    const { numero } = invoices.find(({ id }) => id === before.invoiceId)!;
    expect(lines[index]!.pourquoi).toContain(`après la relance de la facture ${numero}`);
  }
}, 180_000);

test.each([
  [{}, 'organisationId'],
  [{ organisationId: 'org', du: '2026-12-02', au: '2026-12-01' }, 'au'],
  [{ organisationId: 'org', du: '2026-12-02', au: '2028-12-01' }, 'au'],
  [{ organisationId: 'org', du: '2026-13-02' }, 'du'],
  [{ organisationId: 'org', pageSize: 1_001 }, 'pageSize'],
])('an agenda of %j is refused, naming %s', async (request, field) => {
  const refused = await refusalOf(services.relances.agenda(request));
  expect(refused.code).toBe('INVALID_ARGUMENT');
  expect(JSON.stringify(refused)).toContain(field);
});

test('an entry says which contract is debited, who asked for it, and that the client wants no reminders', async () => {
  const { organisationId, clientId } = await prepareClient();
  // nobody is written to but at four at night
  await regles.create({
    organisationId,
    niveau: 1,
    modele: 'rappel',
    ouverture: '04:00',
    fermeture: '04:01',
  });
  const { id, numero } = await services.factures.create({ organisationId, clientId, montant: AMOUNT });
  await until('the reminder', () => services.relances.get({ id }));
  await services.relances.sendNow({ id, motif: 'accord au téléphone' });
  const mandat = await services.mandats.create({
    ...{ organisationId, clientId, iban: 'FR1420041010050500013M02606', titulaire: 'Zoé Martin' },
    dateSignature: '2026-01-15',
  });
  const { id: produitId } = await services.produits.create({ organisationId, nom: 'Entretien' });
  const { reference } = await services.contrats.create({
    ...{ organisationId, clientId, produitId, mandatId: mandat.id, montantTotal: 30_000n },
  });
  const debit = await until('the debit', async () =>
    (await agenda({ organisationId })).find(({ genre }) => genre === 'PRELEVEMENT'),
  );
  expect(debit).toMatchObject({ contratReference: reference, invoiceNumero: '' });
  expect(debit.pourquoi).toContain(`échéance du contrat ${reference}, mandat`);
  const reminder = async () => (await agenda({ clientId })).find((one) => one.genre === 'MAIL_RELANCE')!;
  expect(await reminder()).toMatchObject({ invoiceNumero: numero, clientNom: 'Zoé Martin', condition: '' });
  expect((await reminder()).pourquoi).toMatch(/, envoi demandé par .+ le \d.+ \d{4}: accord au téléphone$/);
  await services.clients.update({ id: clientId, sansRelance: true });
  expect((await reminder()).condition).toContain('ne s’oppose plus aux relances');
  const texts = (await agenda({ organisationId })).map(({ libelle, pourquoi }) => `${libelle} ${pourquoi}`);
  expect(texts.filter((text) => /[0-9a-f]{8}-[0-9a-f]{4}-/.test(text))).toEqual([]);
}, 180_000);
