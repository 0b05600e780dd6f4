import { jest } from '@jest/globals';
import { todayInParis } from '@crm/domain';
import { BaseRelance } from '@crm/proto/relance/relance';
import { planEnvois } from '@crm/relance/preview-relance';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { frenchDays } from '@crm/tools/simulation/french-days';
import { simulateReminders } from '@crm/tools/simulation/simulate-reminders';
import { Temporal } from 'temporal-polyfill';
import { quietRuntime } from '@crm/tools/quiet-runtime';

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
  client: { email: 'a@exemple.test', sansRelance: false },
  levels: LEVELS,
  until: new Date(Date.now() + 90 * 24 * 3600_000),
};
const minute = (at: Date) => Math.round(at.getTime() / 60_000);

test('what the workflow will send is what a preview says', async () => {
  const { foreseen, end } = await simulateReminders(simulated);
  const preview = await planEnvois(LEVELS, dates, frenchDays());
  expect(foreseen.map(({ niveau, modele, at }) => [niveau, modele, minute(at)])).toEqual(
    preview.map(({ niveau, modele, datePrevue }) => [niveau, modele, minute(datePrevue)]),
  );
  expect(foreseen.map(({ restantDu }) => restantDu)).toEqual([12_345n, 12_345n, 12_345n]);
  expect(end?.statut).toBe('ACHEVEE');
});

test('closing days of the organisation count; who opted out gets the formal notice only; the end may be later', async () => {
  const [first] = await planEnvois(LEVELS, dates, frenchDays());
  const closed = Temporal.Instant.from(first!.datePrevue.toISOString())
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDate()
    .toString();
  const ownDays = [{ date: closed, libelle: 'Inventaire' }];
  const moved = await simulateReminders({
    ...simulated,
    ownDays,
    until: new Date(Date.now() + 26 * 24 * 3600_000),
  });
  expect(minute(moved.foreseen[0]!.at)).toBeGreaterThan(minute(first!.datePrevue));
  expect(moved.foreseen).toHaveLength(1);
  expect(moved.end).toBeUndefined();
  const optedOut = await simulateReminders({ ...simulated, client: { email: 'a@b.fr', sansRelance: true } });
  expect(optedOut.foreseen.map(({ motifSaut }) => motifSaut)).toEqual([
    'le client ne souhaite pas de relance',
    'le client ne souhaite pas de relance',
    '',
  ]);
});
