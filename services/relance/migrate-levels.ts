import { NiveauRelance } from '@crm/proto/relance/relance';
import { isDone } from './apply-action.ts';
import { dueAt, type InvoiceDates } from './due-at.ts';
import type { TargetRules } from './regles-relance.ts';

/**
 * Applies other rules to the levels of running reminders. A level that was sent or skipped stays as it is,
 * and so does one whose mail may be out already. Later levels follow the other rules; nothing is sent any
 * more that would come before a done level. A level that a person asked for is still sent at once.
 * @param begun the level whose mail may be out without a record; 0: none
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
      // the level was not asked for: it is early because the invoice's due date was moved later
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
