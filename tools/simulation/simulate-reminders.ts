import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, type NiveauRelance, type Relance } from '@crm/proto/relance/relance';
import { applyAction, hasEnded, type State } from '@crm/relance/apply-action';
import type { Level } from '@crm/relance/due-at';
import { firstState } from '@crm/relance/first-state';
import { startOfDay } from '@crm/relance/next-send-time';
import { nextSend } from '@crm/relance/plan-next-send';
import { reasonNotToSend } from '@crm/workers/follow-ups/invoice-reminder';
import { openDayFrom, type ClosingDays } from './open-day-from.ts';

/** An invoice as it stands, and by what its reminders are planned. */
export type Simulated = {
  invoice: Partial<Invoice> & Pick<Invoice, 'id' | 'clientId' | 'dateFacture' | 'dateEcheance' | 'montant'>;
  client: Pick<Client, 'email' | 'sansRelance'>;
  levels: Level[];
  /** Closing days of the organisation. */
  ownDays?: ClosingDays;
  /** Reminders that run already: with the levels that they were planned by, what was sent, a pause. */
  relance?: Relance;
  /** The end of what is looked at. */
  until: Date;
};

/** A mail that will go out, or a level that will be left out. Amounts in cents. */
export type Foreseen = {
  at: Date;
  level: NiveauRelance;
  restantDu: bigint;
  /** Why it is left out; empty: it goes out. */
  motifSaut: string;
};

/** What is foreseen, in order, and how it ends; no statut where it does not by then. */
export type Foresight = {
  foreseen: Foreseen[];
  statut?: string;
  /** What holds the reminders back until a person ends it; nothing is foreseen then. */
  attente?: string;
};

/**
 * What an invoice's reminders will send while nothing is paid and the client gets no other, by the functions that plan
 * and decide what is sent; from now, or from the invoice's date where that is to come. That the workflow does the same is
 * tested on a clock that leaps (docs/adr/0016).
 */
export async function simulateReminders(simulated: Simulated): Promise<Foresight> {
  const { invoice, client, levels, ownDays, relance, until } = simulated;
  const { dateFacture, dateEcheance, createdAt: emiseAt, restantDu = invoice.montant } = invoice;
  const nextOpenDay = openDayFrom(ownDays);
  let at = new Date(Math.max(Date.now(), startOfDay(dateFacture).getTime()));
  let lastSentAt = relance?.niveaux.findLast(({ envoyeeAt }) => envoyeeAt)?.envoyeeAt;
  let state: State =
    relance ?? (await firstState(levels, { dateFacture, dateEcheance, emiseAt }, undefined, nextOpenDay));
  const act = (action: ActionRelance, niveau = 0, motif = ''): void => {
    state = applyAction(state, { action, niveau, motif, pauseJusquAu: '' }, at);
  };
  if (restantDu <= 0n) act(ActionRelance.SOLDE);
  else if (state.statut === StatutRelance.SOLDEE) act(ActionRelance.REARMEMENT);
  if (relance?.attente && !hasEnded(state)) return { foreseen: [], attente: relance.attente };
  const foreseen: Foreseen[] = [];
  while (!hasEnded(state)) {
    const sent = lastSentAt;
    const { prochainNiveau, prochaineAt } = await nextSend(state, {
      now: at,
      lastSentAt: async () => sent,
      nextOpenDay,
    });
    if (!prochaineAt || prochaineAt > until) return { foreseen };
    at = prochaineAt;
    const level = state.niveaux.find(({ niveau }) => niveau === prochainNiveau)!;
    const motifSaut = reasonNotToSend(client as Client, level.modele);
    foreseen.push({ at, level, restantDu, motifSaut });
    act(motifSaut ? ActionRelance.SAUT : ActionRelance.ENVOI, prochainNiveau, motifSaut);
    if (!motifSaut) lastSentAt = at;
  }
  return { foreseen, statut: state.statut };
}
