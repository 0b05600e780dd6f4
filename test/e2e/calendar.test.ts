import {
  CalculatePlannedDateRequest,
  CalendarEngineServiceService,
  Calendrier,
  HolidayServiceService,
} from '@crm/proto/calendar/calendar';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const calendar = stack.client('calendar', CalendarEngineServiceService);
const holidays = stack.client('calendar', HolidayServiceService);
const { FRANCE, T2 } = Calendrier;

afterAll(() => stack.close());

const demande = (request: Partial<CalculatePlannedDateRequest>) =>
  CalculatePlannedDateRequest.fromPartial(request);

test('a date is moved past what is closed, with the reasons and the instant of the hour in Paris', async () => {
  const planned = await calendar.calculatePlannedDate({
    date: '2026-07-09',
    delaiJours: 5,
    calendriers: [FRANCE, T2],
    heure: '10:00',
  });
  expect(planned).toEqual({
    dateSouhaitee: '2026-07-14',
    datePrevue: '2026-07-15',
    instant: new Date('2026-07-15T08:00:00Z'),
    motifs: ['2026-07-14 Fête nationale'],
  });
});

test('without a date it counts from today in Paris', async () => {
  const { dateSouhaitee, datePrevue } = await calendar.calculatePlannedDate({});
  const today = () => todayInParis().toString();
  const before = today();
  expect([before, today()]).toContain(dateSouhaitee);
  expect(datePrevue >= dateSouhaitee).toBe(true);
});

test('a batch answers in the order of its demands, each with its own calendars and organisation', async () => {
  const organisationId = unique('org');
  await holidays.create({ organisationId, date: '2026-07-15', libelle: 'Inventaire' });
  const { dates } = await calendar.calculatePlannedDatesBatch({
    demandes: [
      demande({ date: '2026-07-14', organisationId }),
      demande({ date: '2026-04-03' }),
      demande({ date: '2026-07-14' }),
      demande({ date: '2026-04-03', calendriers: [T2] }),
    ],
  });
  expect(dates.map(({ datePrevue }) => datePrevue)).toEqual([
    '2026-07-16',
    '2026-04-03',
    '2026-07-15',
    '2026-04-07',
  ]);
  expect(dates[0]!.motifs).toEqual(['2026-07-14 Fête nationale', '2026-07-15 Inventaire']);
});

test('five hundred dates are one call; each fault of a batch is named', async () => {
  const demandes = Array.from({ length: 500 }, () =>
    demande({ date: '2026-12-25', calendriers: [FRANCE, T2] }),
  );
  const { dates } = await calendar.calculatePlannedDatesBatch({ demandes });
  expect(new Set(dates.map(({ datePrevue }) => datePrevue))).toEqual(new Set(['2026-12-28']));
  expect(dates).toHaveLength(500);
  demandes[3] = demande({ date: '2026-02-30' });
  demandes[7] = demande({ heure: '24:00', delaiJours: -1 });
  const refusal = await refusalOf(calendar.calculatePlannedDatesBatch({ demandes }));
  expect(refusal.code).toBe('INVALID_ARGUMENT');
  expect(refusal.violations.map(({ field }) => field).sort()).toEqual([
    'demandes[3].date',
    'demandes[7].delaiJours',
    'demandes[7].heure',
  ]);
  const none = await refusalOf(calendar.calculatePlannedDatesBatch({ demandes: [] }));
  expect(none.violations.map(({ field }) => field)).toEqual(['demandes']);
});

test('CheckDateEligibility says why in French and when the next open day is', async () => {
  const check = (date: string, calendriers: Calendrier[] = []) =>
    calendar.checkDateEligibility({ date, calendriers });
  expect(await check('2026-04-06')).toEqual({
    eligible: false,
    motifs: ['Lundi de Pâques'],
    prochaineDate: '2026-04-07',
  });
  expect(await check('2026-08-15')).toMatchObject({ motifs: ['samedi', 'Assomption'] });
  expect(await check('2026-07-14', [T2])).toEqual({
    eligible: true,
    motifs: [],
    prochaineDate: '2026-07-14',
  });
  expect(await check('2026-04-03', [Calendrier.ALSACE_MOSELLE])).toMatchObject({
    motifs: ['Vendredi saint'],
    prochaineDate: '2026-04-07',
  });
});

test('an organisation’s closing days: one a date, listed among the public ones, gone once deleted', async () => {
  const organisationId = unique('org');
  const jour = await holidays.create({ organisationId, date: '2026-05-15', libelle: 'Pont de l’Ascension' });
  const again = await refusalOf(holidays.create({ organisationId, date: '2026-05-15', libelle: 'Autre' }));
  expect(again.code).toBe('ALREADY_EXISTS');
  const list = async () => {
    const { jours } = await holidays.list({ organisationId, du: '2026-05-08', au: '2026-05-25' });
    return jours.map(({ id, date, libelle, calendrier }) => [id, date, libelle, calendrier]);
  };
  const publicDays = [
    ['', '2026-05-08', 'Victoire de 1945', FRANCE],
    ['', '2026-05-14', 'Ascension', FRANCE],
    ['', '2026-05-25', 'Lundi de Pentecôte', FRANCE],
  ];
  const own = [jour.id, '2026-05-15', 'Pont de l’Ascension', Calendrier.UNSPECIFIED];
  expect(await list()).toEqual([...publicDays.slice(0, 2), own, ...publicDays.slice(2)]);
  expect((await calendar.checkDateEligibility({ date: '2026-05-15', organisationId })).eligible).toBe(false);
  expect((await calendar.checkDateEligibility({ date: '2026-05-15' })).eligible).toBe(true);
  await holidays.delete({ id: jour.id });
  expect(await list()).toEqual(publicDays);
  expect((await refusalOf(holidays.delete({ id: jour.id }))).code).toBe('NOT_FOUND');
});

test('a list is of a year unless told, and of ten at most', async () => {
  const { jours } = await holidays.list({ du: '2026-01-01', calendrier: T2 });
  expect(jours.map(({ date }) => date)).toEqual([
    '2026-01-01',
    '2026-04-03',
    '2026-04-06',
    '2026-05-01',
    '2026-12-25',
    '2026-12-26',
  ]);
  expect((await holidays.list({ du: '2026-01-01', au: '2036-01-01' })).jours).toHaveLength(111);
  for (const au of ['2036-01-02', '2025-12-31']) {
    const refusal = await refusalOf(holidays.list({ du: '2026-01-01', au }));
    expect(refusal.violations.map(({ field }) => field)).toEqual(['au']);
  }
});

test('a day after the calendar’s end is none: it is refused by the name of the field', async () => {
  expect((await calendar.calculatePlannedDate({ date: '2199-12-31' })).datePrevue).toBe('2199-12-31');
  const after = { date: '2199-12-31', delaiJours: 1 };
  const one = await refusalOf(calendar.calculatePlannedDate(after));
  expect(one).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'date' }] });
  const demandes = [demande({ date: '2026-03-09' }), demande(after)];
  const second = await refusalOf(calendar.calculatePlannedDatesBatch({ demandes }));
  expect(second.violations).toMatchObject([{ field: 'demandes[1].date' }]);
});
