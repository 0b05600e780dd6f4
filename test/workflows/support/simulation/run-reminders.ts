import { startOfDay } from '@crm/domain';
import { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, type Relance } from '@crm/proto/relance/relance';
import type { Way } from '@crm/relance/decide-send';
import type { Level } from '@crm/relance/due-at';
import { foresee } from '@crm/relance/foresee';
import { remindersOf, type Reminded } from '@crm/relance/simulation/reminders-of';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { withFailures } from '@crm/workers/rpc-failure';
import { openDayFrom, type ClosingDays } from './open-day-from.ts';
import { ServicesInMemory } from './services-in-memory.ts';
import { withSkippingClock } from './skipping-clock.ts';

const WAYS: Partial<Record<ActionRelance, Way['by']>> = {
  [ActionRelance.ENVOI]: 'courriel',
  [ActionRelance.TACHE_RELANCE]: 'tache',
  [ActionRelance.SAUT]: 'saut',
};

/** An invoice and the rules for its reminders. */
export type Simulated = {
  invoice: Partial<Invoice> & Pick<Invoice, 'id' | 'clientId' | 'dateFacture' | 'dateEcheance' | 'montant'>;
  /** Undefined: there is none. */
  client: Reminded['client'];
  levels: Level[];
  /** The closing days of the organisation. */
  ownDays?: ClosingDays;
  /** Running reminders, with their levels, what was sent, and a pause. */
  relance?: Relance;
  until: Date;
};

/** What goes out or is passed over, and how the reminders end; without a statut if they do not by then. */
export type Happened = {
  what: { at: Date; niveau: number; modele: string; way: Way }[];
  statut?: string;
};

/** What the service foresees: from now, or from the invoice's date where that is to come. */
export async function foreseeReminders({ levels, relance, ...simulated }: Simulated): Promise<Happened> {
  const { invoice, client, ownDays, until } = simulated;
  const { restantDu = invoice.montant } = invoice;
  const nextOpenDay = openDayFrom(ownDays);
  const now = new Date(Math.max(Date.now(), startOfDay(invoice.dateFacture).getTime()));
  const row = relance && { ...relance };
  const reminded = { invoice: { ...invoice, restantDu }, row, levels: row ? undefined : levels, client };
  const sent = relance?.niveaux.findLast(({ envoyeeAt }) => envoyeeAt)?.envoyeeAt;
  const turn = sent && { envoi: '', dernierAt: sent };
  const followed = await remindersOf(reminded, now, nextOpenDay);
  const { coming, ends } = await foresee([followed], { now, until, turn, nextOpenDay });
  const what = coming.map(({ at, level: { niveau, modele }, way }) => ({ at: at!, niveau, modele, way }));
  return { what, ...ended(ends.get(followed)!.statut) };
}

/**
 * Runs the real workflow of an invoice's reminders, with its real activities, on a clock that leaps, over services in
 * memory that plan by the real functions; from the same instant. What is foreseen is held against it.
 */
export async function runReminders(simulated: Simulated): Promise<Happened> {
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
    const what = world.relances.history.flatMap(({ niveau, motif, action, at }) => {
      const by = WAYS[action];
      const { modele } = niveaux.find((one) => one.niveau === niveau) ?? { modele: '' };
      return by ? [{ at, niveau, modele, way: { by, motif } }] : [];
    });
    return { what, ...ended(statut) };
  });
}

const ended = (statut: StatutRelance): { statut?: string } =>
  statut === StatutRelance.EN_ATTENTE || statut === StatutRelance.EN_PAUSE ? {} : { statut };
