import { startOfDay } from '@crm/domain';
import { Client } from '@crm/proto/clients/clients';
import { ActionRelance, StatutRelance } from '@crm/proto/relance/relance';
import type { Way } from '@crm/relance/decide-send';
import { openDayFrom } from '@crm/tools/simulation/open-day-from';
import type { Foresight, Simulated } from '@crm/tools/simulation/simulate-reminders';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { withFailures } from '@crm/workers/rpc-failure';
import { ServicesInMemory } from './services-in-memory.ts';
import { withSkippingClock } from './skipping-clock.ts';

const WAYS: Partial<Record<ActionRelance, Way['by']>> = {
  [ActionRelance.ENVOI]: 'courriel',
  [ActionRelance.TACHE_RELANCE]: 'tache',
  [ActionRelance.SAUT]: 'saut',
};

/**
 * Runs the real workflow of an invoice's reminders, with its real activities, on a clock that leaps, over services in
 * memory that plan by the real functions; from now, or from the invoice's date where that is to come. What
 * `simulateReminders` foresees is held against it.
 */
export async function runReminders(simulated: Simulated): Promise<Foresight> {
  const { client, levels, ownDays, relance, until } = simulated;
  return await withSkippingClock(async (clock) => {
    const world = new ServicesInMemory({ now: clock.now, levels, nextOpenDay: openDayFrom(ownDays) });
    const invoice = world.issue({ numero: 'à venir', organisationId: 'default', ...simulated.invoice });
    if (client) world.clients.set(invoice.clientId, Client.fromPartial(client));
    if (relance) world.relances.keep(relance);
    const wait = startOfDay(invoice.dateFacture).getTime() - (await clock.now()).getTime();
    await clock.withWorker(withFailures(invoiceReminderActivities(world.services())), async () => {
      if (wait > 0) await clock.passes(wait);
      await tellInvoiceReminder(clock.temporal, 'invoice.created', invoice, { correlationId: 'simulation' });
      await clock.passes(Math.max(1_000, until.getTime() - (await clock.now()).getTime()));
    });
    const { niveaux, statut } = world.relances.rows.get(invoice.id)!;
    const foreseen = world.relances.history.flatMap(({ niveau, motif, action, at }) => {
      const by = WAYS[action];
      const level = niveaux.find((one) => one.niveau === niveau)!;
      return by ? [{ at, level, restantDu: invoice.restantDu, way: { by, motif } }] : [];
    });
    const isOpen = statut === StatutRelance.EN_ATTENTE || statut === StatutRelance.EN_PAUSE;
    return { foreseen, ...(!isOpen && { statut }) };
  });
}
