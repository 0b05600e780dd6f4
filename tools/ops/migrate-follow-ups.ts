import { channelInWords } from '@crm/domain';
import { everyPage, type Connected } from '@crm/kit';
import type { EnvoiPrevu, RelanceServiceService } from '@crm/proto/relance/relance';
import type { RetryAdminServiceService, TentativePrevue } from '@crm/proto/retry/retry';
import { describeRefusal, local } from './words.ts';

type Relances = Pick<Connected<typeof RelanceServiceService>, 'previewMigration' | 'migrer'>;
type Retries = Pick<Connected<typeof RetryAdminServiceService>, 'previewMigration' | 'migrateSchedule'>;
type Which = { organisationId: string; id: string; motif: string };

/** What would change for a running follow-up. */
type Change = {
  /** What it is about: "facture …". */
  of: string;
  before: string;
  after: string;
  changee: boolean;
  /** Why it cannot be moved. Empty: it can. */
  obstacle: string;
  move: () => Promise<unknown>;
};
/** Reads a page of them. */
type Changes = (pageToken: string) => Promise<{ changes: Change[]; nextPageToken: string }>;

/** Changes of reminders under other rules. */
export const reminderChanges =
  (relances: Relances, { motif, regleId, ...which }: Which & { regleId: string }): Changes =>
  async (pageToken) => {
    const { migrations, ...next } = await relances.previewMigration({ ...which, regleId, pageToken });
    const changes = migrations.map(({ relanceId: id, invoiceId, avant, apres, ...preview }) => ({
      ...{ ...preview, of: `facture ${invoiceId}`, before: mails(avant), after: mails(apres) },
      move: () => relances.migrer({ id, regleId, motif }),
    }));
    return { changes, ...next };
  };

/** Changes of retries under another policy. */
export const retryChanges =
  (retries: Retries, { motif, policyId, ...which }: Which & { policyId: string }): Changes =>
  async (pageToken) => {
    const { migrations, ...next } = await retries.previewMigration({ ...which, policyId, pageToken });
    const changes = migrations.map(({ scheduleId: id, paymentId, avant, apres, ...preview }) => ({
      ...{ ...preview, of: `paiement ${paymentId}`, before: attempts(avant), after: attempts(apres) },
      move: () => retries.migrateSchedule({ id, policyId, motif }),
    }));
    return { changes, ...next };
  };

/** "niveau 1 (rappel) 2026-06-01 09:00, niveau 2 (relance) 2026-06-22 09:00". */
const mails = (envois: EnvoiPrevu[]): string =>
  envois
    .map(
      ({ datePrevue: at, ...level }) =>
        `niveau ${level.niveau} (${channelInWords(level)}) ${at ? local(at) : 'à la reprise'}`,
    )
    .join(', ') || 'fin des relances';

/** "présentation n° 1 2026-03-09 10:00, présentation n° 2 2026-03-12 10:00". */
const attempts = (tentatives: TentativePrevue[]): string =>
  tentatives.map(({ numero, datePrevue }) => `présentation n° ${numero} ${local(datePrevue!)}`).join(', ') ||
  'aucune présentation de plus';

/**
 * Prints the changes of follow-ups page by page, and moves them if asked to. One that cannot be moved does
 * not stop the others.
 * @param counts the numbers of moved (or movable) follow-ups
 */
export async function migrateFollowUps(
  preview: Changes,
  apply: boolean,
  counts: { changed: number; unchanged: number; refused: number },
): Promise<void> {
  for await (const { changes } of everyPage(({ pageToken }) => preview(pageToken))) {
    for (const { of, before, after, changee, obstacle, move } of changes) {
      if (!obstacle && !changee) {
        counts.unchanged += 1;
        continue;
      }
      console.log(`${of}: ${obstacle || `${before} -> ${after}`}`);
      const refusal = obstacle || (apply && (await move().then(() => '', describeRefusal)));
      if (refusal && !obstacle) console.log(`  refused: ${refusal}`);
      counts[refusal ? 'refused' : 'changed'] += 1;
    }
  }
}
