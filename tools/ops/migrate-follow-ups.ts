import { everyPage } from '@crm/kit';
import { describeRefusal } from './words.ts';

/** What a follow-up that runs would become. */
type Change = {
  /** Whose: "facture …". */
  of: string;
  before: string;
  after: string;
  isChanged: boolean;
  /** Why it cannot be moved; empty: it can. */
  obstacle: string;
  move: () => Promise<unknown>;
};

/** A page of them. */
export type Changes = { changes: Change[]; nextPageToken: string };

/** How many were, or would be. */
export type Counts = { changed: number; unchanged: number; refused: number };

/** Prints what follow-ups become, a page after the other, and moves them if told to. */
export async function migrateFollowUps(
  preview: (pageToken: string) => Promise<Changes>,
  apply: boolean,
  counts: Counts,
): Promise<void> {
  for await (const { changes } of everyPage(({ pageToken }) => preview(pageToken))) {
    for (const { of, before, after, isChanged, obstacle, move } of changes) {
      if (!obstacle && !isChanged) {
        counts.unchanged += 1;
        continue;
      }
      console.log(`${of}: ${obstacle || `${before} -> ${after}`}`);
      const refusal = obstacle || (apply && (await move().then(() => '', refused)));
      counts[refusal ? 'refused' : 'changed'] += 1;
    }
  }
}

/** One that cannot be moved holds up no other. */
function refused(error: unknown): string {
  const why = describeRefusal(error);
  console.log(`  refused: ${why}`);
  return why;
}
