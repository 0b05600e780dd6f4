import { NiveauRelance } from '@crm/proto/relance/relance';
import { isDone } from './apply-action.ts';
import { dueAt, type InvoiceDates } from './due-at.ts';
import type { TargetRules } from './regles-relance.ts';

/**
 * What other rules make of the levels of reminders that run. A level that was sent or left out stays what it is, and so
 * does one whose mail may be out already; what comes after it is by the other rules, and nothing that would come before
 * it is sent any more. A level that was asked for is still sent at once.
 * @param begun the level whose mail may be out without anyone having recorded it; 0: none
 */
export function migrateLevels(
  niveaux: NiveauRelance[],
  { levels, isSingle }: TargetRules,
  invoice: InvoiceDates,
  begun: number,
  now: Date,
): NiveauRelance[] {
  const done = niveaux.filter((level) => isDone(level) || level.niveau === begun);
  const last = Math.max(0, ...done.map(({ niveau }) => niveau));
  const moved = levels
    .filter(({ niveau }) => niveau > last)
    .map((level) => {
      const before = niveaux.find(({ niveau }) => niveau === level.niveau);
      // what lies ahead was not asked for: the due date of the invoice was put off
      const isAskedFor = before && before.dueAt! <= now && before.dueAt! < dueAt(before, invoice);
      return NiveauRelance.fromPartial({
        ...level,
        dueAt: isAskedFor ? before.dueAt : dueAt(level, invoice),
      });
    });
  const isMoved = ({ niveau }: NiveauRelance) => moved.some((level) => level.niveau === niveau);
  const kept = isSingle ? niveaux.filter((level) => !isMoved(level)) : done;
  return [...kept, ...moved].sort((a, b) => a.niveau - b.niveau);
}
