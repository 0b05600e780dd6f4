import type { InvoiceDates } from './due-at.ts';
import { nextLevel, type State } from './apply-action.ts';
import { migrateLevels } from './migrate-levels.ts';
import { turnOf, type NextSend } from './plan-next-send.ts';
import type { TargetRules } from './regles-relance.ts';

type Running = { id: string } & Pick<State, 'niveaux' | 'cycle'>;

/**
 * Computes the levels of reminders that move to other rules, for the preview and the command alike.
 * @param turn the client's last reminder, for any invoice
 */
export function migratedLevels(
  running: Running,
  target: TargetRules,
  turn: { envoi: string } | null | undefined,
  invoice: InvoiceDates,
  now: Date,
) {
  const next = nextLevel(running)?.niveau ?? 0;
  // the turn was taken, so the mail may be out, with a lost answer
  const begun = turn?.envoi === turnOf(running, next) ? next : 0;
  return migrateLevels(running.niveaux, target, invoice, begun, now);
}

/** "niveau 1: 2026-06-01T07:00:00.000Z -> niveau 1: 2026-06-08T07:00:00.000Z". */
export const describeChange = (before: NextSend, after: NextSend): string =>
  `${describe(before)} -> ${describe(after)}`;

function describe({ prochainNiveau, prochaineAt }: NextSend): string {
  if (prochainNiveau === 0) return 'rien';
  return `niveau ${prochainNiveau}: ${prochaineAt?.toISOString() ?? 'jusqu’à nouvel ordre'}`;
}
