import { todayInParis } from '@crm/domain';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { GenreEcheance, type AgendaParJourRequest, type AgendaRequest } from '@crm/proto/relance/agenda';
import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { Temporal } from 'temporal-polyfill';
import { AMOUNT, ground } from '../support/ground.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient } = ground(stack);
const { relances } = services;
const regles = stack.client('relance', RegleRelanceServiceService);
const taches = stack.client('activites', TacheServiceService);

afterAll(() => stack.close());

const PATIENT = { deadlineMs: 60_000 };

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

const agenda = async (request: Partial<AgendaRequest>) => (await relances.agenda(request, PATIENT)).echeances;
const perDay = async (request: Partial<AgendaParJourRequest>) =>
  (await relances.agendaParJour(request, PATIENT)).jours;

test('the agenda is filtered and counted where it is kept, watched, and moves behind a debit', async () => {
  const { organisationId, clientId } = await prepareClient();
  await regles.create({ organisationId, niveau: 1, modele: 'rappel' });
  const small = await services.factures.create({ organisationId, clientId, montant: 1_000n });
  const large = await services.factures.create({ organisationId, clientId, montant: AMOUNT });
  for (const { id } of [small, large]) await until('the reminder', () => relances.get({ id }));
  const echeance = new Date(Date.now() + 2 * 86_400_000);
  await taches.create({ organisationId, clientId, titre: 'Appeler', assigneA: 'marie', echeance });
  const { MAIL_RELANCE, TACHE } = GenreEcheance;
  const mails = await agenda({ organisationId, genres: [MAIL_RELANCE] });
  expect(mails.map(({ invoiceId }) => invoiceId).sort()).toEqual([small.id, large.id].sort());
  const montantMin = 1_001n;
  expect(await agenda({ organisationId, montantMin })).toMatchObject([{ invoiceId: large.id }]);
  const ofMarie = await agenda({ organisationId, gestionnaireId: 'marie' });
  expect(ofMarie).toMatchObject([{ genre: TACHE, libelle: 'Tâche\u00a0: Appeler' }]);
  expect(await agenda({ organisationId, enRetardSeulement: true })).toEqual([]);
  expect(await agenda({ organisationId, retenuesSeulement: true })).toEqual([]);
  // a page at a time it is the same
  const paged = [];
  for (let pageToken = ''; ;) {
    const page = await relances.agenda({ organisationId, genres: [MAIL_RELANCE], pageSize: 1, pageToken });
    paged.push(...page.echeances);
    if (!(pageToken = page.nextPageToken)) break;
  }
  expect(paged).toEqual(mails);
  const au = inDays(60);
  const counted = await perDay({ organisationId, au, genres: [MAIL_RELANCE, TACHE] });
  expect(counted.reduce((sum, { nombre }) => sum + nombre, 0)).toBe(3);
  expect(counted.reduce((sum, { montant }) => sum + montant, 0n)).toBe(AMOUNT + 1_000n);
  expect(counted[0]).toMatchObject({ genre: TACHE, nombre: 1, jour: inDays(2) });

  // who watches is told
  const heard = relances.watch({ organisationId })[Symbol.asyncIterator]();
  expect((await heard.next()).value).toMatchObject({ numero: 0 });
  const next = heard.next();
  await relances.pause({ id: small.id, motif: 'litige' });
  expect((await next).value).toMatchObject({ numero: 1 });
  await heard.return?.();
  expect(await agenda({ organisationId, retenuesSeulement: true })).toMatchObject([
    { invoiceId: small.id, enPause: true, datePrevue: undefined },
  ]);

  // a debit covers the other one: its reminder comes if the bank refuses the debit, and not before
  const [before] = await agenda({ organisationId, montantMin });
  const mandat = await services.mandats.create({
    ...{ organisationId, clientId, iban: 'FR1420041010050500013M02606', titulaire: 'Zoé Martin' },
    dateSignature: '2026-01-15',
  });
  const datePrevue = inDays(40);
  await services.payments.create({
    ...{ organisationId, clientId, invoiceId: large.id, mandatId: mandat.id, montant: AMOUNT, datePrevue },
  });
  const [after] = await agenda({ organisationId, montantMin, genres: [MAIL_RELANCE] });
  expect(before!.datePrevue! < new Date(datePrevue)).toBe(true);
  expect(after!.datePrevue! > new Date(datePrevue)).toBe(true);
  expect(after!.condition).toMatch(/^si le prélèvement de .* échoue$/);
  expect(after!.attente).toContain('prélèvement de');
}, 180_000);

test('the levels that go out as one mail say so', async () => {
  const { organisationId, clientId } = await prepareClient();
  const { id: orgId } = await services.organisations.get({ id: organisationId });
  await services.organisations.update({ id: orgId, relancesGroupees: true });
  await regles.create({ organisationId, niveau: 1, modele: 'rappel' });
  const invoices = [];
  for (let n = 0; n < 3; n++)
    invoices.push(await services.factures.create({ organisationId, clientId, montant: AMOUNT }));
  for (const { id } of invoices) await until('the reminder', () => relances.get({ id }));
  const mails = await agenda({ clientId, genres: [GenreEcheance.MAIL_RELANCE] });
  expect(mails).toHaveLength(3);
  expect(new Set(mails.map(({ mailGroupeId }) => mailGroupeId)).size).toBe(1);
  expect(mails[0]!.mailGroupeId).not.toBe('');
  expect(mails.map(({ mailGroupeFactures }) => mailGroupeFactures)).toEqual([3, 3, 3]);
  const why = mails.map(({ pourquoi }) => pourquoi);
  expect(why.filter((text) => text.includes('un seul mail pour 3 factures'))).toHaveLength(1);
  expect(why.filter((text) => text.includes('dans le mail de la relance de la facture'))).toHaveLength(2);
}, 180_000);
