import { startOfDay } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, type NiveauRelance, type Relance } from '@crm/proto/relance/relance';
import { applyAction, hasEnded, type State } from '@crm/relance/apply-action';
import { takesTurn, wayOf, type Way } from '@crm/relance/decide-send';
import type { Level } from '@crm/relance/due-at';
import { firstState } from '@crm/relance/first-state';
import { nextSend } from '@crm/relance/plan-next-send';
import { openDayFrom, type ClosingDays } from './open-day-from.ts';

/** An invoice and the rules for its reminders. */
export type Simulated = {
  invoice: Partial<Invoice> & Pick<Invoice, 'id' | 'clientId' | 'dateFacture' | 'dateEcheance' | 'montant'>;
  /** Undefined: there is none. */
  client: Pick<Client, 'email' | 'sansRelance' | 'emailStatut' | 'emailRefuseRaison'> | undefined;
  levels: Level[];
  /** The closing days of the organisation. */
  ownDays?: ClosingDays;
  /** Running reminders, with their levels, what was sent, and a pause. */
  relance?: Relance;
  /** The end of the forecast. */
  until: Date;
};

/** A level that will be a mail or a task, or be skipped. Amounts in cents. */
export type Foreseen = {
  at: Date;
  level: NiveauRelance;
  restantDu: bigint;
  way: Way;
};

const ACTIONS: Record<Way['by'], ActionRelance> = {
  courriel: ActionRelance.ENVOI,
  tache: ActionRelance.TACHE_RELANCE,
  saut: ActionRelance.SAUT,
};

/** The forecast in order, and how it ends; without a statut if it does not end by then. */
export type Foresight = {
  foreseen: Foreseen[];
  statut?: string;
  /** A hold, until a person ends it. Nothing is forecast then. */
  attente?: string;
};

/**
 * Forecasts the reminders of an invoice, if nothing is paid and the client gets no other reminder, with the
 * functions that plan real ones; from now, or from the invoice's date if that is in the future. A test on a
 * skipping clock checks that the workflow does the same (docs/adr/0016).
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
    const way = wayOf(level, client);
    foreseen.push({ at, level, restantDu, way });
    act(ACTIONS[way.by], prochainNiveau, way.motif);
    if (takesTurn(level, way.by)) lastSentAt = at;
  }
  return { foreseen, statut: state.statut };
}
