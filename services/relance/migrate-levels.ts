import { FORMAL_NOTICE } from '@crm/domain';
import { NiveauRelance } from '@crm/proto/relance/relance';
import { isDone } from './apply-action.ts';
import { dueAt, notBefore, overdueFrom, type InvoiceDates } from './due-at.ts';
import type { TargetRules } from './regles-relance.ts';

/**
 * Applies other rules to the levels of running reminders. A level that was sent or skipped stays as it is. Later
 * levels follow the other rules; nothing is sent any more that would come before a done level. A level that a
 * person asked for keeps its instant. A level whose mail is out without a record is not mailed again (docs/adr/0023).
 */
export function migrateLevels(
  niveaux: NiveauRelance[],
  { levels, isSingle }: TargetRules,
  invoice: InvoiceDates,
): NiveauRelance[] {
  const done = niveaux.filter(isDone);
  const last = Math.max(0, ...done.map(({ niveau }) => niveau));
  const moved = levels
    .filter(({ niveau }) => niveau > last)
    .map((level) => {
      const before = niveaux.find(({ niveau }) => niveau === level.niveau);
      const asked = before?.demandee && { demandee: true, dueAt: before.dueAt! };
      return planned(NiveauRelance.fromPartial({ ...level, ...asked }), invoice);
    });
  const isMoved = ({ niveau }: NiveauRelance) => moved.some((level) => level.niveau === niveau);
  const kept = isSingle ? niveaux.filter((level) => !isMoved(level)) : done;
  return [...kept, ...moved].sort((a, b) => a.niveau - b.niveau);
}

/**
 * What another due date of the invoice makes of the levels: those to come are due by it.
 * @returns the levels themselves where nothing moves
 */
export function replanLevels(niveaux: NiveauRelance[], invoice: InvoiceDates): NiveauRelance[] {
  const moved = niveaux.map((level) => (isDone(level) ? level : planned(level, invoice)));
  const isSame = moved.every(({ dueAt: at }, index) => at!.getTime() === niveaux[index]!.dueAt!.getTime());
  return isSame ? niveaux : moved;
}

/** A level with its instant: by its rule, or as a person asked for it; of a formal notice never before it is overdue. */
function planned(level: NiveauRelance, invoice: InvoiceDates): NiveauRelance {
  if (!level.demandee) return { ...level, dueAt: dueAt(level, invoice) };
  const isNotice = level.modele === FORMAL_NOTICE;
  return isNotice ? { ...level, dueAt: notBefore(overdueFrom(invoice), level.dueAt!) } : level;
}
