import type { Services } from '../clients.ts';
import { firstFollowUpActivities, taskTitle } from './first-follow-up.ts';

const INPUT = {
  ...{ suiviId: 'suivi-1', clientId: 'client-1', organisationId: 'org-1', correlationId: 'test' },
  ...{ datePrevue: '2026-01-15T09:00:00.000Z', dateRappel: '2026-01-22T09:00:00.000Z' },
};

test('a title names the client', () => {
  expect(taskTitle({ prenom: 'Ada', nom: 'Byron' })).toBe('Prendre contact avec Ada Byron');
  expect(taskTitle({ prenom: '', nom: 'Byron' })).toBe('Prendre contact avec Byron');
  expect(taskTitle({ prenom: 'Ada', nom: 'Byron', raisonSociale: 'Analyse SAS' })).toBe(
    'Prendre contact avec Ada Byron (Analyse SAS)',
  );
});

test('a title fits 200 characters, and no character is halved', () => {
  const fits = taskTitle({ prenom: '😀'.repeat(100), nom: 'b'.repeat(78) });
  expect([...fits]).toHaveLength(200);
  expect(fits).toMatch(/b$/);
  const cut = taskTitle({ prenom: 'a'.repeat(100), nom: '😀'.repeat(100) });
  expect([...cut]).toHaveLength(200);
  expect(cut).toMatch(/😀…$/u);
  expect(cut).not.toMatch(/\p{Surrogate}/u);
});

test('a client that is renamed between two attempts changes nothing in what they ask for', async () => {
  let nom = 'Byron';
  const asked: unknown[] = [];
  const ask = (request: unknown) => Promise.resolve(void asked.push(request)).then(() => ({ id: 't-1' }));
  const services = {
    clients: { get: () => Promise.resolve({ prenom: 'Ada', nom, gestionnaireId: nom }) },
    taches: { create: ask, get: () => Promise.resolve({ id: 't-1', titre: 'Une tâche', assigneA: '' }) },
    suivis: {
      get: () => Promise.resolve({ statut: 'PLANIFIE', tacheId: '' }),
      avancer: () => Promise.resolve({}),
    },
    notifications: { createNotification: ask },
  } as unknown as Services;
  const activities = firstFollowUpActivities(services);
  const client = await activities.readClient(INPUT);
  if ('ended' in client) throw new Error(client.ended);
  for (nom of ['Byron', 'Lovelace']) {
    await activities.createFollowUpTask({ ...INPUT, client });
    await activities.remindOfFollowUpTask({ ...INPUT, tacheId: 't-1', client });
  }
  const [task, reminder, ...again] = asked;
  expect(task).toMatchObject({ titre: 'Prendre contact avec Ada Byron', assigneA: 'Byron' });
  expect(reminder).toMatchObject({ utilisateurId: 'Byron' });
  expect(again).toEqual([task, reminder]);
});
