import { staleCommand } from './stale-command.ts';

const at = (time: string) => new Date(`2026-06-01T${time}:00Z`);
const users = { getByKeycloakId: () => Promise.resolve({ prenom: 'Marie', nom: 'Durand' } as never) };
const away = { getByKeycloakId: () => Promise.reject(new Error('users is away')) };
const done = (quoi: string, time: string, motif = '') => ({
  ...{ quoi, auteur: 'm-1', motif, createdAt: at(time) },
});
const VERSIONS = { seen: 3, version: 5 };
const BEGIN = 'changed since version 3, it is version 5 now: ';

test.each([
  [
    users,
    [done('Pause', '07:00', 'litige')],
    'Pause par Marie Durand le 1er juin 2026 à 09:00 (litige); en pause',
  ],
  [users, [], 'en pause'],
  [away, [done('Pause', '07:00')], 'Pause par m-1 le 1er juin 2026 à 09:00; en pause'],
  [
    away,
    ['11:00', '10:00', '09:00', '08:00', '07:00'].map((time) => done('Saut', time)),
    `${['13:00', '12:00', '11:00'].map((time) => `Saut par m-1 le 1er juin 2026 à ${time}`).join('; ')}; et 2 autres; en pause`,
  ],
])('what was done since, newest first: %#', async (who, since, expected) => {
  const error = await staleCommand(who, VERSIONS, since, 'en pause');
  expect(error.message).toBe(BEGIN + expected);
});

test('a long reason is cut', async () => {
  const error = await staleCommand(away, VERSIONS, [done('Pause', '07:00', 'x'.repeat(500))], 'en pause');
  expect(error.message).toContain(`(${'x'.repeat(100)})`);
});
