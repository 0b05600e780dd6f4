import { jest } from '@jest/globals';
import { dateInParis, startOfDay, todayInParis } from '@crm/domain';
import { Client } from '@crm/proto/clients/clients';
import { BaseRelance, CanalRelance, NiveauRelance, Relance, StatutRelance } from '@crm/proto/relance/relance';
import { dueAt } from '@crm/relance/due-at';
import { usualTimes } from '@crm/relance/usual-times';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { Temporal } from 'temporal-polyfill';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { openDayFrom } from './support/simulation/open-day-from.ts';
import {
  foreseeReminders,
  runReminders,
  type Happened,
  type Simulated,
} from './support/simulation/run-reminders.ts';

jest.setTimeout(120_000);
quietRuntime();

const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();
const LEVELS = [
  DEFAULT_LEVEL,
  { ...DEFAULT_LEVEL, niveau: 2, base: BaseRelance.DATE_ECHEANCE, delai: 'P8D', modele: 'relance' },
  { ...DEFAULT_LEVEL, niveau: 3, base: BaseRelance.DATE_ECHEANCE, delai: 'P9D', modele: 'mise-en-demeure' },
];
const dates = { dateFacture: inDays(3), dateEcheance: inDays(33) };
const simulated = {
  invoice: { id: 'f', clientId: 'c', montant: 12_345n, ...dates },
  client: Client.fromPartial({ email: 'a@exemple.test' }),
  levels: LEVELS,
  until: new Date(Date.now() + 90 * 24 * 3600_000),
};
const minute = (at: Date) => Math.round(at.getTime() / 60_000);
const told = ({ what, statut }: Happened) => ({
  // for figures only; a mail, a task or a skip that was recorded says it in words
  what: what.map(({ at, way: { raison: _, ...way }, ...more }) => ({ at: minute(at), way, ...more })),
  statut,
});

/** What is foreseen, which is what the workflow does on its way there. */
async function simulate(simulated: Simulated): Promise<Happened> {
  const foresight = await foreseeReminders(simulated);
  expect(told(foresight)).toEqual(told(await runReminders(simulated)));
  return foresight;
}

test('what the workflow will send is what a preview says', async () => {
  const { what, statut } = await simulate(simulated);
  const preview = await usualTimes(LEVELS, dates, openDayFrom());
  expect(what.map(({ niveau, modele, at }) => [niveau, modele, minute(at)])).toEqual(
    preview.map(({ niveau, modele, datePrevue }) => [niveau, modele, minute(datePrevue)]),
  );
  expect(statut).toBe('ACHEVEE');
});

test('closing days of the organisation count; who opted out gets the formal notice only; the end may be later', async () => {
  const [first] = await usualTimes(LEVELS, dates, openDayFrom());
  const closed = Temporal.Instant.from(first!.datePrevue.toISOString())
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDate()
    .toString();
  const ownDays = [{ date: closed, libelle: 'Inventaire' }];
  const moved = await simulate({
    ...simulated,
    ownDays,
    until: new Date(Date.now() + 26 * 24 * 3600_000),
  });
  expect(minute(moved.what[0]!.at)).toBeGreaterThan(minute(first!.datePrevue));
  expect(moved.what).toHaveLength(1);
  expect(moved.statut).toBeUndefined();
  const optedOut = await simulate({
    ...simulated,
    client: Client.fromPartial({ email: 'a@b.fr', sansRelance: true }),
  });
  expect(optedOut.what.map(({ way }) => way.motif)).toEqual([
    'le client ne souhaite pas de relance',
    'le client ne souhaite pas de relance',
    '',
  ]);
});

test('calls and letters are tasks at their time, and keep their distance; without an address every mail is one', async () => {
  const levels = [
    DEFAULT_LEVEL,
    { ...DEFAULT_LEVEL, niveau: 2, delai: 'P17D', canal: CanalRelance.APPEL, modele: '' },
    { ...DEFAULT_LEVEL, niveau: 3, delai: 'P18D', modele: 'relance' },
    { ...DEFAULT_LEVEL, niveau: 4, delai: 'P40D', canal: CanalRelance.LETTRE, modele: 'mise-en-demeure' },
  ].map((level) => ({ ...level, espacement: 'PT72H' }));
  const ways = ({ what }: Happened) => what.map(({ way: { by, motif } }) => `${by} ${motif}`.trim());
  const called = await simulate({ ...simulated, levels });
  expect(ways(called)).toEqual(['courriel', 'tache appel à passer', 'courriel', 'tache lettre à poster']);
  const [mail, call, next] = called.what.map(({ at }) => at.getTime() / 3_600_000);
  expect(call! - mail!).toBeGreaterThanOrEqual(72);
  expect(next! - call!).toBeGreaterThanOrEqual(72);
  const without = await simulate({ ...simulated, levels, client: Client.fromPartial({}) });
  const reason = 'tache le client n’a pas d’adresse e-mail';
  expect(ways(without)).toEqual([reason, 'tache appel à passer', reason, 'tache lettre à poster']);
  expect(ways(await simulate({ ...simulated, client: undefined }))).toEqual(
    Array.from({ length: 3 }, () => 'saut le client n’existe pas'),
  );
});

test('those that run go on: what was sent stays sent, a pause is waited for, what is settled is not reminded of', async () => {
  const before = { dateFacture: inDays(-20), dateEcheance: inDays(10) };
  const niveaux = LEVELS.map((level) => NiveauRelance.fromPartial({ ...level, dueAt: dueAt(level, before) }));
  niveaux[0]!.envoyeeAt = new Date(Date.now() - 3_600_000);
  const relance = Relance.fromPartial({
    ...{ id: 'r', invoiceId: 'f', clientId: 'c', organisationId: 'default', cycle: 1, niveaux },
    ...{ statut: StatutRelance.EN_PAUSE, pauseJusquAu: inDays(25) },
    ...{ prochainNiveau: 2, prochaineAt: startOfDay(inDays(25)) },
  });
  const invoice = { ...simulated.invoice, ...before };
  const { what, statut } = await simulate({ ...simulated, invoice, relance });
  // both are due when the pause ends: the second level gives way to the third
  expect(what.map(({ niveau }) => niveau)).toEqual([3]);
  expect(dateInParis(what[0]!.at) >= inDays(25)).toBe(true);
  expect(statut).toBe('ACHEVEE');
  const paid = await simulate({
    ...simulated,
    invoice: { ...invoice, montantRecu: 12_345n, restantDu: 0n },
    relance,
  });
  expect(paid).toEqual({ what: [], statut: 'SOLDEE' });
});
