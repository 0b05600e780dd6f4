import { failedPrecondition } from '@crm/kit';
import { Client, StatutEmailClient } from '@crm/proto/clients/clients';
import { CanalRelance } from '@crm/proto/relance/relance';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { ServicesInMemory } from './support/simulation/services-in-memory.ts';

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, delai: 'P0D' };
const input = { invoiceId: 'f', numero: 'F-1', clientId: 'c', organisationId: 'o', correlationId: 'x' };

/** An invoice whose only level is due now. */
async function due(level: object = {}) {
  const now = () => Promise.resolve(new Date());
  const levels = [{ ...DEFAULT_LEVEL, ...ALWAYS, ...level }];
  const world = new ServicesInMemory({ now, levels, nextOpenDay: (day) => day });
  world.clients.set('c', Client.fromPartial({ id: 'c', email: 'a@exemple.test' }));
  world.issue({ ...input, id: 'f', montant: 100n, dateFacture: '2026-05-15', dateEcheance: '2026-06-14' });
  const services = world.services();
  const { openReminder, sendReminder } = invoiceReminderActivities(services);
  await openReminder(input);
  return { world, relances: services.relances, send: () => sendReminder({ ...input, niveau: 1 }) };
}

test('a mail whose address is refused at the door is a task then', async () => {
  const { world, send } = await due();
  const refused = failedPrecondition('MAIL_REFUSED', 'email refused by the mail server');
  world.onSend = () => {
    throw refused;
  };
  // of the message and not of the address: an operator decides
  await expect(send()).rejects.toThrow('refused by the mail server');
  const refusal = { emailStatut: StatutEmailClient.ADRESSE_REFUSEE, emailRefuseRaison: '550' };
  world.onSend = () => {
    world.clients.set('c', { ...world.clients.get('c')!, ...refusal });
    throw refused;
  };
  expect(await send()).toMatchObject({ statut: 'ACHEVEE' });
  expect([...world.tasks]).toEqual(['relance/f/1/1/sans-adresse']);
  expect(world.relances.history.at(-1)).toMatchObject({ action: 'TACHE_RELANCE' });
});

test('an attempt that died before its record is repeated, and is one task', async () => {
  const { world, relances, send } = await due({ canal: CanalRelance.APPEL, modele: '' });
  const { recordProgress } = relances;
  Object.assign(relances, { recordProgress: () => Promise.reject(new Error('killed')) });
  await expect(send()).rejects.toThrow('killed');
  Object.assign(relances, { recordProgress });
  await send();
  expect([...world.tasks]).toEqual(['relance/f/1/1/appel']);
  expect(world.relances.rows.get('f')!.niveaux[0]!.envoyeeAt).toBeDefined();
});
