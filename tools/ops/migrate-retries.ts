import type { Connected } from '@crm/kit';
import type { RetryAdminServiceService, TentativePrevue } from '@crm/proto/retry/retry';
import type { Changes } from './migrate-follow-ups.ts';
import { local } from './words.ts';

type Retries = Pick<Connected<typeof RetryAdminServiceService>, 'previewMigration' | 'migrateSchedule'>;
type Which = { organisationId: string; id: string; policyId: string; motif: string };

/** What retries would become by another policy, a page at a time. */
export const retryChanges =
  (retries: Retries, { motif, policyId, ...which }: Which) =>
  async (pageToken: string): Promise<Changes> => {
    const { migrations, nextPageToken } = await retries.previewMigration({ ...which, policyId, pageToken });
    const changes = migrations.map(({ scheduleId: id, paymentId, avant, apres, changee, obstacle }) => ({
      of: `paiement ${paymentId}`,
      before: describe(avant),
      after: describe(apres),
      isChanged: changee,
      obstacle,
      move: () => retries.migrateSchedule({ id, policyId, motif }),
    }));
    return { changes, nextPageToken };
  };

/** "présentation n° 1 2026-03-09 10:00, présentation n° 2 2026-03-12 10:00". */
const describe = (tentatives: TentativePrevue[]): string =>
  tentatives.map(({ numero, datePrevue }) => `présentation n° ${numero} ${local(datePrevue!)}`).join(', ') ||
  'aucune présentation de plus';
