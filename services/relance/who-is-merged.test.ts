import { FORMAL_NOTICE, inParis } from '@crm/domain';
import { Client } from '@crm/proto/clients/clients';
import { Invoice } from '@crm/proto/factures/factures';
import { NiveauRelance, StatutRelance } from '@crm/proto/relance/relance';
import { mergedMail } from './merged-mail.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';
import type { RelanceRow } from './relance-rows.ts';
import { underWayColumn } from './under-way.ts';
import { MERGED_AT_MOST, whoIsMerged, type Candidate } from './who-is-merged.ts';

const client = Client.fromPartial({ id: 'c', nom: 'Martin', prenom: 'Zoé', email: 'zoe@example.org' });
/** A Tuesday at 9:00 in Paris. */
const NOW = new Date('2026-06-02T07:00:00Z');
const at = (time: string) => new Date(inParis(NOW).withPlainTime(time).epochMilliseconds);

type Changes = {
  level?: Partial<NiveauRelance>;
  row?: Partial<RelanceRow>;
  invoice?: Partial<Invoice>;
  held?: Partial<Candidate['held']>;
};

/** Reminders whose next level is due by now. */
function due(id: string, { level, row, invoice, held }: Changes = {}): Candidate {
  return {
    row: {
      ...{ id: `r-${id}`, organisationId: 'o', clientId: 'c', invoiceId: id, version: 1, cycle: 1 },
      ...{ statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '', motifFin: '', envoiEnCours: '' },
      niveaux: [NiveauRelance.fromPartial({ ...DEFAULT_LEVEL, dueAt: NOW, ...level })],
      ...{ prochainNiveau: 1, prochaineAt: NOW },
      ...row,
    },
    invoice: Invoice.fromPartial({
      ...{ id, numero: `F-${id}`, clientId: 'c', montant: 10_000n, restantDu: 10_000n },
      ...{ dateFacture: '2026-05-01', dateEcheance: '2026-05-31' },
      ...invoice,
    }),
    held: { attente: '', montantPreleve: 0n, preleveLe: '', ...held },
  };
}

const now = { client, now: NOW, nextOpenDay: (date: string) => date };
const merged = async (first: Candidate, others: Candidate[], changes: Partial<typeof now> = {}) =>
  (await whoIsMerged(first, others, { ...now, ...changes })).map(({ invoice }) => invoice.id);

test.each<[what: string, changes: Changes, goes: boolean]>([
  ['due by now', {}, true],
  ['due later in the same opening hours', { row: { prochaineAt: at('18:59') } }, true],
  ['due at the end of the opening hours', { row: { prochaineAt: at('19:00') } }, false],
  [
    'due after the end of its own, shorter hours',
    {
      level: { fermeture: '12:00' },
      row: { prochaineAt: at('13:00') },
    },
    false,
  ],
  ['whose own hours have not begun', { level: { ouverture: '10:00' } }, false],
  [
    'that is sent around the clock, due before midnight',
    {
      level: { ouverture: '00:00', fermeture: '00:00' },
      row: { prochaineAt: at('23:59') },
    },
    true,
  ],
  ['paused without an end', { row: { prochaineAt: null, statut: StatutRelance.EN_PAUSE } }, false],
  ['held back', { held: { attente: 'réponse reçue le 1er juin 2026' } }, false],
  ['of which a part is debited', { held: { montantPreleve: 4_000n } }, true],
  ['that is settled', { invoice: { restantDu: 0n } }, false],
  ['that is a formal notice', { level: { modele: FORMAL_NOTICE } }, false],
  ['that a person asked for', { level: { demandee: true } }, false],
  ['whose own mail may be out', { row: { envoiEnCours: underWayColumn(1, 1) } }, false],
  ['that goes out with another mail', { row: { envoiEnCours: underWayColumn(1, 1, 'g') } }, false],
  ['whose mail of an earlier cycle was out', { row: { cycle: 2, envoiEnCours: underWayColumn(1, 1) } }, true],
  ['with nothing left to send', { row: { prochainNiveau: 0, prochaineAt: null } }, false],
])('one %s', async (_, changes, goes) => {
  expect(await merged(due('first'), [due('other', changes)])).toEqual(goes ? ['first', 'other'] : ['first']);
});

test.each<[what: string, changes: Changes]>([
  ['a formal notice', { level: { modele: FORMAL_NOTICE } }],
  ['one that a person asked for', { level: { demandee: true } }],
])('%s takes nobody along', async (_, changes) => {
  expect((await merged(due('first', changes), [due('other')])).filter((id) => id !== 'first')).toEqual([]);
});

test('a client who wants no reminders, or cannot be written to, has none to merge', async () => {
  for (const changed of [{ sansRelance: true }, { email: '' }])
    expect(await merged(due('a'), [due('b')], { client: { ...client, ...changed } })).toEqual([]);
});

test('closed days count: what is open every day goes out alone on a Sunday', async () => {
  const monday = () => '2026-06-03';
  const always = { level: { tousLesJours: true } };
  expect(await merged(due('a', always), [due('b'), due('c', always)], { nextOpenDay: monday })).toEqual([
    'a',
    'c',
  ]);
});

test('in order of due dates, the first one always among them, however many there are', async () => {
  const dates = ['2026-05-31', '2026-05-20', '2026-06-30'];
  const [a, b, c] = dates.map((dateEcheance, nth) => due(String(nth), { invoice: { dateEcheance } }));
  expect(await merged(a!, [c!, b!])).toEqual(['1', '0', '2']);
  const many = Array.from({ length: MERGED_AT_MOST + 20 }, (_, nth) => due(`m${nth}`));
  const last = due('last', { invoice: { dateEcheance: '2026-12-31' } });
  const all = await merged(last, many);
  expect([all.length, all.at(-1)]).toEqual([MERGED_AT_MOST, 'last']);
});

test('the mail: the firmest tone, what is left in all, what of it is overdue, and what is debited', async () => {
  const members = await whoIsMerged(
    due('a', { invoice: { dateEcheance: '2026-06-10', restantDu: 6_000n } }),
    [due('b', { level: { modele: 'relance' } }), due('c', { held: { montantPreleve: 4_000n } })],
    now,
  );
  const mail = mergedMail(members, client, 'g', NOW);
  expect(mail).toMatchObject({
    ...{ destinataire: 'zoe@example.org', modele: 'relance-groupee', envoi: 'relance-groupee/g' },
    factures: ['b', 'c', 'a'],
    variables: {
      ...{ ton: 'relance', nombre: '3', nombreEnRetard: '2', restantDu: '26000', montantPreleve: '4000' },
      ...{ montantEnRetard: '16000', facture3: 'F-a|2026-05-01|2026-06-10|10000|6000' },
    },
  });
  const [one] = members;
  expect(mergedMail([one!], client, 'g', NOW)).toMatchObject({
    ...{ modele: 'relance', envoi: 'relance-groupee/g', factures: ['b'], variables: { numero: 'F-b' } },
  });
});
