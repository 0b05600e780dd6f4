import type { Db } from '@crm/db';
import { page, type Call } from '@crm/kit';
import { NotAnEvent, publish, readEvent, type NatsConnection } from '@crm/nats';
import type {
  DeadLetter,
  DecideDeadLettersRequest,
  DecideDeadLettersResponse,
  ListDeadLettersRequest,
  ListDeadLettersResponse,
  SortDeadLetter,
} from '@crm/proto/ops/ops';
import { EVENT_EXPIRES_AFTER_MS, EXPIRES_DAYS } from '@crm/workflows/retention';
import { randomUUID } from 'node:crypto';

type Row = Awaited<ReturnType<Db['deadLetter']['findMany']>>[number];

const MOST_BYTES_SHOWN = 1_000;
/** A letter is waiting until it was published again or discarded. */
export const WAITING = { redrivenAt: null, discardedAt: null };

/** Lists the messages that could not become a workflow: decoded where they can be, in hexadecimal where not. */
export const listDeadLetters =
  (db: Db) =>
  async ({ toutes, pageSize, pageToken }: ListDeadLettersRequest): Promise<ListDeadLettersResponse> => {
    const { rows, nextPageToken } = await page({ pageSize, pageToken }, (last, take) =>
      db.deadLetter.findMany({
        where: { ...(toutes ? {} : WAITING), ...(last && { id: { gt: last } }) },
        orderBy: { id: 'asc' },
        take,
      }),
    );
    return { deadLetters: rows.map(toMessage), nextPageToken };
  };

function toMessage(row: Row): DeadLetter {
  const read = contentOf(row);
  return {
    ...{ id: row.id, sujet: row.subject, raison: row.reason, recueAt: row.createdAt },
    sequence: row.streamSequence,
    evenement: 'event' in read ? JSON.stringify(read.event) : '',
    octets: Buffer.from(row.payload.subarray(0, MOST_BYTES_SHOWN)).toString('hex'),
    illisible: 'fault' in read,
    republieeAt: row.redrivenAt ?? undefined,
    ecarteeAt: row.discardedAt ?? undefined,
    ecarteePar: row.discardedBy,
    ecarteeMotif: row.discardReason,
  };
}

/** What the bridge would read now. */
function contentOf({ subject, payload }: Row): { event: object } | { fault: string } {
  try {
    return { event: readEvent(subject, payload).event };
  } catch (error) {
    if (!(error instanceof NotAnEvent)) throw error;
    return { fault: error.message };
  }
}

/** Publishes letters again. One that is still no event is refused: it would come back as another letter. */
export const redriveDeadLetters = (db: Db, nats: () => Promise<NatsConnection>) =>
  each(db, (row) => publishAgain(db, nats, row));

/** Publishes one again, for the service and for `ops`. */
export async function publishAgain(db: Db, nats: () => Promise<NatsConnection>, row: Row): Promise<Result> {
  const read = contentOf(row);
  if ('fault' in read)
    return refused(`ce n’est pas un événement, il reviendrait aussitôt : ${read.fault}. Écartez-le.`);
  if (Date.now() - row.createdAt.getTime() > EVENT_EXPIRES_AFTER_MS)
    return refused(
      `plus ancien que ${EXPIRES_DAYS} jours : ce qui empêche un second effet n’existe plus (event_expired)`,
    );
  // a new id: the stream would drop the old one as a duplicate
  const { sequence } = await publish(await nats(), row.subject, `redrive-${randomUUID()}`, row.payload);
  await db.deadLetter.update({ where: { id: row.id }, data: { redrivenAt: new Date() } });
  return { fait: true, detail: `publié à nouveau, message ${sequence}` };
}

/** Discards letters, with who decided and why. */
export const discardDeadLetters = (db: Db) =>
  each(db, async ({ id }, { caller }, motif) => {
    const data = { discardedAt: new Date(), discardedBy: caller.sub, discardReason: motif.trim() };
    const { count } = await db.deadLetter.updateMany({ where: { id, ...WAITING }, data });
    return count ? { fait: true, detail: 'écarté' } : refused('quelqu’un a décidé entre-temps');
  });

type Result = Omit<SortDeadLetter, 'id'>;
const refused = (detail: string): Result => ({ fait: false, detail });

const each =
  (db: Db, decide: (row: Row, call: Call, motif: string) => Promise<Result>) =>
  async ({ ids, motif }: DecideDeadLettersRequest, call: Call): Promise<DecideDeadLettersResponse> => {
    const rows = new Map(
      (await db.deadLetter.findMany({ where: { id: { in: ids } } })).map((row) => [row.id, row]),
    );
    const resultats: SortDeadLetter[] = [];
    for (const id of ids) {
      const row = rows.get(id);
      const result = !row
        ? refused('aucun message mis de côté n’a cet identifiant')
        : row.redrivenAt
          ? refused('déjà publié à nouveau')
          : row.discardedAt
            ? refused(`déjà écarté, par ${row.discardedBy} : ${row.discardReason}`)
            : await decide(row, call, motif);
      resultats.push({ id, ...result });
    }
    return { resultats };
  };
