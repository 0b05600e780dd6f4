import type { Story } from '../stage.ts';

export const FIRST_FOLLOW_UP_STORIES: Story[] = [
  {
    cases: ['firstFollowUp/waiting'],
    async play({ createClient, sleeps }, keep) {
      const { suiviId } = await createClient();
      await sleeps(suiviId, 1);
      await keep('firstFollowUp/waiting', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/waiting-to-remind', 'firstFollowUp/task-and-reminder'],
    async play({ createClient, completed, sleeps }, keep) {
      const { suiviId } = await createClient({ delai: 'PT2S', delaiRappel: 'PT4S' });
      await sleeps(suiviId, 2);
      await keep('firstFollowUp/waiting-to-remind', suiviId);
      await completed(suiviId);
      await keep('firstFollowUp/task-and-reminder', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/waiting-to-remind-read-once', 'firstFollowUp/task-and-reminder-read-once'],
    async play({ createClient, completed, sleeps }, keep) {
      const { suiviId } = await createClient({ delai: 'PT2S', delaiRappel: 'PT4S' });
      await sleeps(suiviId, 2);
      await keep('firstFollowUp/waiting-to-remind-read-once', suiviId);
      await completed(suiviId);
      await keep('firstFollowUp/task-and-reminder-read-once', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/client-gone-read-once'],
    async play({ services, createClient, completed, sleeps }, keep) {
      const { clientId, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      await services.clients.delete({ id: clientId });
      await completed(suiviId);
      await keep('firstFollowUp/client-gone-read-once', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/failed-open', 'firstFollowUp/redriven'],
    async play({ stack, createClient, completed, sleeps, failed, redrive }, keep) {
      const { clientId, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      const row = (change: string) =>
        stack.sql(`UPDATE relance.suivis SET id = ${change} WHERE client_id = $1`, clientId);
      await row(`'not-' || id`);
      await failed(suiviId, 'relance');
      await keep('firstFollowUp/failed-open', suiviId);
      await row(`substr(id, 5)`);
      await redrive(suiviId);
      await completed(suiviId);
      await keep('firstFollowUp/redriven', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/task-done'],
    async play({ createClient, completed, sleeps, taches }, keep) {
      const { clientId, suiviId } = await createClient({ delai: 'PT1S', delaiRappel: 'PT5S' });
      await sleeps(suiviId, 2);
      const [tache] = (await taches.listByClient({ clientId })).taches;
      await taches.marquerTerminee({ id: tache!.id });
      await completed(suiviId);
      await keep('firstFollowUp/task-done', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/client-gone'],
    async play({ services, createClient, completed, sleeps }, keep) {
      const { clientId, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      await services.clients.delete({ id: clientId });
      await completed(suiviId);
      await keep('firstFollowUp/client-gone', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/instants-passed'],
    async play({ createClient, completed }, keep) {
      const { suiviId } = await createClient({ delai: 'PT0S', delaiRappel: 'PT0S' });
      await completed(suiviId);
      await keep('firstFollowUp/instants-passed', suiviId);
    },
  },
];
