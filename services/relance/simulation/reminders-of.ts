import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance } from '@crm/proto/relance/relance';
import { applyAction, hasEnded, type State } from '../apply-action.ts';
import { wayOf } from '../decide-send.ts';
import type { Level } from '../due-at.ts';
import { firstState } from '../first-state.ts';
import type { Debit, Followed } from '../foresee.ts';
import { migrateLevels } from '../migrate-levels.ts';
import type { NextOpenDay } from '../next-send-time.ts';

/** An invoice, and what its reminders depend on. */
export type Reminded = {
  invoice: Pick<Invoice, 'id' | 'dateFacture' | 'dateEcheance' | 'restantDu'> &
    Pick<Partial<Invoice>, 'createdAt'>;
  /** Its reminders so far. Undefined: they begin now. */
  row?: (State & { id: string }) | undefined;
  /** The levels: of reminders that begin, or that running ones move to. Undefined: running ones stay as they are. */
  levels: Level[] | undefined;
  /** Undefined: there is no such client. */
  client: Parameters<typeof wayOf>[1];
  debits?: Debit[] | undefined;
  /** When reminders that begin are adopted. Undefined: they begin as usual. */
  adopteeAt?: Date | undefined;
};

/** The reminders of an invoice as they are to be foreseen: what it has become, and the rules to go by. */
export async function remindersOf(
  { invoice, row, levels, client, debits = [], adopteeAt }: Reminded,
  now: Date,
  nextOpenDay: NextOpenDay,
): Promise<Followed> {
  const { id: invoiceId, dateFacture, dateEcheance, createdAt: emiseAt, restantDu } = invoice;
  const dates = { dateFacture, dateEcheance, emiseAt };
  let state: State = row ?? (await firstState(levels!, dates, adopteeAt, nextOpenDay));
  const act = (action: ActionRelance, more: object = {}) => {
    state = applyAction(state, { action, niveau: 0, motif: '', pauseJusquAu: '', ...more }, now);
  };
  if (restantDu <= 0n) act(ActionRelance.SOLDE, { motif: 'facture réglée' });
  else if (state.statut === StatutRelance.SOLDEE) act(ActionRelance.REARMEMENT);
  if (row && levels && !hasEnded(state)) {
    const moved = migrateLevels(state.niveaux, { levels, isSingle: false }, dates);
    act(ActionRelance.MIGRATION, { niveaux: moved });
  }
  return {
    ...{ state: { ...state, id: row?.id ?? '', invoiceId }, dates, restantDu, debits },
    wayOf: (level, montant) => wayOf(level, client, montant),
  };
}
