import type { Db } from '@crm/db';
import type { Call } from '@crm/kit';
import { RUNNING } from './apply-action.ts';
import type { EnvoiGroupe } from './merged-sends.ts';
import type { ReadTruth } from './refresh.ts';
import { toRelanceRow, type RelanceRow } from './relance-rows.ts';
import { underWayOf } from './under-way.ts';
import { MERGED_AT_MOST } from './who-is-merged.ts';

/** Longer than any opening hours. */
const DAY_MS = 86_400_000;

/**
 * The client's other reminders as they are now: those that a mail is decided for, or those that may be due by the end of
 * the day of an instant.
 */
export const otherReminders =
  (db: Db, read: ReadTruth) =>
  async (
    { id, organisationId, clientId }: RelanceRow,
    { group, at = new Date() }: { group?: EnvoiGroupe | undefined; at?: Date },
    call: Pick<Call, 'signal'>,
  ) => {
    const found = await db.relance.findMany({
      where: {
        ...{ organisationId, clientId, statut: { in: RUNNING } },
        id: { not: id, ...(group && { in: group.membres.map(({ relanceId }) => relanceId) }) },
        ...(!group && { prochaineAt: { lt: new Date(at.getTime() + DAY_MS) } }),
      },
      orderBy: { prochaineAt: 'asc' },
      take: MERGED_AT_MOST,
    });
    const rows = found.map(toRelanceRow);
    return await read(group ? rows.filter((one) => underWayOf(one)?.groupe === group.id) : rows, call);
  };
