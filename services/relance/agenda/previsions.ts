import { sql, type Db, type Tx } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { v7 } from 'uuid';
import type { Whose } from '../plan-next-send.ts';
import type { foreseeClients } from './foresee-clients.ts';

/** So many clients are foreseen at once. */
const AT_ONCE = 25;
/** What nobody tells us of is looked at again after this time: `docs/adr/0034`, `docs/adr/0043`. */
const LOOK_AGAIN_MS = 3_500_000;
/** How long changes are gathered before they are foreseen. */
const SOON_MS = 1_000;
/** The longest time for which one caller's token is used. */
const BEHIND_MS = 120_000;
/** The most rows in one statement. */
const INSERTED_AT_ONCE = 1_000;

/** Whose: an organisation, a client, both, or nobody's in particular. */
type Of = { organisationId?: string | undefined; clientId?: string | undefined };

/** The levels to come as rows (`relance.previsions`), and how they are kept. */
export type Previsions = {
  /**
   * Foresees again those whose reminders have changed. Afterwards the rows say what these reminders do.
   * @returns whether there were any
   */
  bringUpToDate(of: Of, signal: AbortSignal): Promise<boolean>;
  /** Foresees clients again, because something has changed that only others know. */
  foreseeAgain(clients: Whose[], signal: AbortSignal): Promise<void>;
  /** A method that changes reminders: what it has changed is foreseen a moment later, with the token of its caller. */
  after<Asked extends unknown[], Answer>(
    method: (...asked: Asked) => Promise<Answer>,
  ): (...asked: Asked) => Promise<Answer>;
  /** Foresees what was not looked at for an hour, behind the call and with its token. Never throws. */
  lookAgain(): void;
};

type Client = { organisationId: string; clientId: string };

/**
 * Keeps the foreseen levels. Triggers note each client whose reminders, holds or last mail change (`a_prevoir`); those
 * are foreseen behind the call that changed them, and by whoever reads the agenda before that. Of two that foresee the
 * same client at the same time, the one that has read later counts.
 */
export function previsions(
  { db, log, stopping }: { db: Db; log: Logger; stopping: AbortSignal },
  foreseen: ReturnType<typeof foreseeClients>,
): Previsions {
  /** Those who foresee the same wait for each other: the second one mostly finds nothing to do. */
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = async (key: string, work: () => Promise<void>): Promise<void> => {
    const mine = (turns.get(key) ?? Promise.resolve()).then(work, work);
    turns.set(key, mine);
    try {
      await mine;
    } finally {
      if (turns.get(key) === mine) turns.delete(key);
    }
  };

  const noted = (of: Of): Promise<Client[]> => db.$queryRaw<Client[]>`
    SELECT DISTINCT organisation_id AS "organisationId", client_id AS "clientId" FROM relance.a_prevoir
    WHERE true ${of.organisationId ? sql`AND organisation_id = ${of.organisationId}` : sql``}
      ${of.clientId ? sql`AND client_id = ${of.clientId}` : sql``}
    ORDER BY 1, 2 LIMIT ${AT_ONCE}`;

  const foreseeAgain: Previsions['foreseeAgain'] = async (clients, signal) => {
    if (clients.length === 0) return;
    signal.throwIfAborted();
    const where = { OR: clients.map(({ organisationId, clientId }) => ({ organisationId, clientId })) };
    // noted before they are read: what changes while they are read stays noted
    const notes = await db.aPrevoir.findMany({ where, select: { id: true } });
    const [clock] = await db.$queryRaw<[{ at: string }]>`SELECT clock_timestamp()::text AS at`;
    const rows = await foreseen(clients, signal);
    await db.$transaction(async (tx) => {
      const latest = await claim(tx, clients, clock.at);
      const keys = new Set(latest.map(keyOf));
      if (latest.length > 0) {
        const theirs = {
          OR: latest.map(({ organisationId, clientId }) => ({ organisationId, clientId })),
        };
        await tx.prevision.deleteMany({ where: theirs });
        const stored = rows.filter((row) => keys.has(keyOf(row)));
        for (let from = 0; from < stored.length; from += INSERTED_AT_ONCE)
          await tx.prevision.createMany({ data: stored.slice(from, from + INSERTED_AT_ONCE) });
      }
      await tx.$executeRaw`DELETE FROM relance.a_prevoir WHERE id = ANY(${notes.map(({ id }) => id)}::bigint[])`;
    });
  };

  const bringUpToDate: Previsions['bringUpToDate'] = async (of, signal) => {
    if ((await noted(of)).length === 0) return false;
    await inTurn(`${of.organisationId ?? ''}/${of.clientId ?? ''}`, async () => {
      // those that change as fast as they are foreseen are shown as they were a moment ago
      const seen = new Map<string, number>();
      for (;;) {
        const clients = await noted(of);
        const rest = clients.filter((one) => (seen.get(keyOf(one)) ?? 0) < 3);
        if (rest.length === 0) return;
        for (const one of rest) seen.set(keyOf(one), (seen.get(keyOf(one)) ?? 0) + 1);
        await foreseeAgain(rest, signal);
      }
    });
    return true;
  };

  /** Works behind the call: with its token, and not within its deadline. */
  const behind = (work: (signal: AbortSignal) => Promise<unknown>): void => {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(BEHIND_MS)]);
    void inContext({ correlationId: v7() }, () => work(signal)).catch((err: unknown) => {
      if (!signal.aborted) log.info({ err }, 'what comes is foreseen when somebody reads it');
    });
  };

  let isDue = false;
  const soon = (): void => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (!stopping.aborted) behind((signal) => bringUpToDate({}, signal));
    }, SOON_MS).unref();
  };
  return {
    bringUpToDate,
    foreseeAgain,
    after:
      (method) =>
      async (...asked) => {
        try {
          return await method(...asked);
        } finally {
          soon();
        }
      },
    lookAgain: () =>
      behind(async (signal) => {
        const before = new Date(Date.now() - LOOK_AGAIN_MS);
        for (;;) {
          const old = await db.$queryRaw<Client[]>`
            SELECT c.organisation_id AS "organisationId", c.client_id AS "clientId" FROM relance.clients_prevus c
            WHERE c.prevu_at < ${before} AND EXISTS (SELECT FROM relance.previsions p
              WHERE p.client_id = c.client_id AND p.organisation_id = c.organisation_id)
            ORDER BY c.prevu_at LIMIT ${AT_ONCE}`;
          if (old.length === 0) return;
          await foreseeAgain(old, signal);
        }
      }),
  };
}

const keyOf = ({ organisationId, clientId }: Client): string => `${organisationId}/${clientId}`;

/** The clients that nobody has foreseen from a later reading; locked until the transaction ends. */
const claim = (tx: Tx, clients: Client[], at: string): Promise<Client[]> => tx.$queryRaw<Client[]>`
  INSERT INTO relance.clients_prevus AS c (organisation_id, client_id, prevu_at)
  SELECT o, k, ${at}::timestamptz FROM jsonb_to_recordset(${JSON.stringify(
    clients.map(({ organisationId: o, clientId: k }) => ({ o, k })),
  )}::jsonb) AS these(o text, k text) ORDER BY 1, 2
  ON CONFLICT (organisation_id, client_id) DO UPDATE SET prevu_at = EXCLUDED.prevu_at
    WHERE c.prevu_at < EXCLUDED.prevu_at
  RETURNING organisation_id AS "organisationId", client_id AS "clientId"`;
