import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, type Relance } from '@crm/proto/relance/relance';
import { dueAt, type Level } from '@crm/relance/due-at';
import { startOfDay } from '@crm/relance/next-send-time';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { withFailures } from '@crm/workers/rpc-failure';
import { frenchDays } from './french-days.ts';
import { ServicesInMemory } from './services-in-memory.ts';
import { withSkippingClock } from './skipping-clock.ts';

/** An invoice as it stands, and by what its reminders are planned. */
export type Simulated = {
  invoice: Partial<Invoice> & Pick<Invoice, 'id' | 'clientId' | 'dateFacture' | 'dateEcheance' | 'montant'>;
  client: Pick<Client, 'email' | 'sansRelance'>;
  levels: Level[];
  /** Closing days of the organisation. */
  ownDays?: { date: string; libelle: string }[];
  /** Reminders that run already: with the levels that they were planned by, what was sent, a pause. */
  relance?: Relance;
  /** The end of what is looked at. */
  until: Date;
};

/** A mail that will go out, or a level that will be left out. Amounts in cents. */
export type Foreseen = {
  niveau: number;
  modele: string;
  at: Date;
  /** By the rule alone, before opening hours and spacing. */
  dueAt: Date;
  level: Level;
  restantDu: bigint;
  /** Why it is left out; empty: it goes out. */
  motifSaut: string;
};

/** What is foreseen, in order, and how it ends; no end where it does not by then. */
export type Foresight = { foreseen: Foreseen[]; end: { at: Date; statut: string } | undefined };

/**
 * Runs the real workflow of an invoice's reminders, with its real activities, on a clock that leaps, over services in
 * memory that plan by the real functions; from now, or from the invoice's date where that is to come.
 */
export async function simulateReminders(simulated: Simulated): Promise<Foresight> {
  const { client, levels, ownDays, relance, until } = simulated;
  return await withSkippingClock(async (clock) => {
    const world = new ServicesInMemory({ now: clock.now, levels, nextOpenDay: frenchDays(ownDays) });
    const invoice = world.issue({ numero: 'à venir', organisationId: 'default', ...simulated.invoice });
    world.clients.set(invoice.clientId, { nom: '', prenom: '', ...client } as Client);
    if (relance) world.relances.keep(relance);
    const wait = startOfDay(invoice.dateFacture).getTime() - (await clock.now()).getTime();
    await clock.withWorker(withFailures(invoiceReminderActivities(world.services())), async () => {
      if (wait > 0) await clock.passes(wait);
      await tellInvoiceReminder(clock.temporal, 'invoice.created', invoice, { correlationId: 'simulation' });
      await clock.passes(Math.max(1_000, until.getTime() - (await clock.now()).getTime()));
    });
    const { niveaux, statut } = world.relances.rows.get(invoice.id)!;
    const foreseen = world.relances.history
      .filter(({ action }) => action === ActionRelance.ENVOI || action === ActionRelance.SAUT)
      .map(({ niveau, motif, action, at }) => {
        const level = niveaux.find((one) => one.niveau === niveau)! as Level & { dueAt?: Date };
        return {
          ...{ niveau, modele: level.modele, at, level, restantDu: invoice.restantDu },
          dueAt: level.dueAt ?? dueAt(level, invoice),
          motifSaut: action === ActionRelance.SAUT ? motif : '',
        };
      });
    const isOpen = statut === StatutRelance.EN_ATTENTE || statut === StatutRelance.EN_PAUSE;
    const last = world.relances.history.at(-1);
    return { foreseen, end: isOpen ? undefined : { at: last?.at ?? (await clock.now()), statut } };
  });
}
