import type { Db } from '@crm/db';
import type { InvoiceDates } from './due-at.ts';
import { nextLevel, type State } from './apply-action.ts';
import { migrateLevels } from './migrate-levels.ts';
import { lastTurn, turnOf, type NextSend } from './plan-next-send.ts';
import { targetRules } from './regles-relance.ts';
import type { RelanceRow } from './relance-rows.ts';

type Running = Pick<RelanceRow, 'id' | 'organisationId' | 'clientId'> & Pick<State, 'niveaux' | 'cycle'>;

/**
 * What moving reminders to other rules makes of their levels: the one function behind the preview and the command.
 * @param regleId one rule; empty: all that are in force
 * @throws {RpcError} FAILED_PRECONDITION REGLE_INCONNUE, REGLE_INACTIVE
 */
export async function migratedLevels(db: Db, running: Running, regleId: string, invoice: InvoiceDates) {
  const { niveaux, organisationId } = running;
  const target = await targetRules(db, organisationId, regleId);
  const next = nextLevel(running)?.niveau ?? 0;
  const turn = await lastTurn(db, running);
  // whose turn was taken may have been sent, with an answer that was lost
  const begun = turn?.envoi === turnOf(running, next) ? next : 0;
  return migrateLevels(niveaux, target, invoice, begun, new Date());
}

/** "niveau 1: 2026-06-01T07:00:00.000Z -> niveau 1: 2026-06-08T07:00:00.000Z". */
export const describeChange = (before: NextSend, after: NextSend): string =>
  `${describe(before)} -> ${describe(after)}`;

function describe({ prochainNiveau, prochaineAt }: NextSend): string {
  if (prochainNiveau === 0) return 'rien';
  return `niveau ${prochainNiveau}: ${prochaineAt?.toISOString() ?? 'jusqu’à nouvel ordre'}`;
}
