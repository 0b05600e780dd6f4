import type { Db } from '@crm/db';
import { publish } from '@crm/nats';
import { subjectOf, type EventType } from '@crm/workflows/events';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import { reconcileFollowUps } from './reconcile-follow-ups.ts';
import { withDb, withNats, withTemporal } from './connections.ts';

const PAGE = 500;
const LOOKUPS_AT_ONCE = 20;

type Options = { followUps?: boolean; repair?: boolean; json?: boolean; olderThan: string };

/** Compares committed events, or the rows of follow-ups, with workflows, by ids and not by counters. */
export const reconcile = new Command('reconcile')
  .description('finds events of the outbox without a workflow, or with --follow-ups rows without a run')
  .option('--follow-ups', 'reminders, retries and first follow-ups instead of events')
  .option('--repair', 'publish the missing events again; start missing runs, and have others read their row')
  .option('--json', 'with --follow-ups: one JSON object a line, the last one with the numbers')
  .option('--older-than <minutes>', 'leave younger ones alone: they may be under way', '5')
  .addHelpText(
    'after',
    `
After Temporal was lost or restored from an older backup, with the workers running, first the events, then:

  npm run -s ops -- reconcile --follow-ups
  npm run -s ops -- reconcile --follow-ups --repair

Rows decide: what they say is under way runs again, what they say has ended does not. No mail, task or presentation is
repeated. Exit code 1: something was found and is not mended.`,
  )
  .action(({ followUps, repair, json, olderThan }: Options) =>
    withDb((db) =>
      withTemporal(async (client) => {
        const minutes = Number(olderThan);
        if (!(minutes >= 0)) throw new PlainError(`--older-than ${olderThan} is no number of minutes.`);
        const before = new Date(Date.now() - minutes * 60_000);
        if (followUps) {
          const isLeft = await reconcileFollowUps(db, client, {
            repair: Boolean(repair),
            json: Boolean(json),
            before,
          });
          if (isLeft) process.exitCode = 1;
          return;
        }
        if (json) throw new PlainError('--json goes with --follow-ups.');
        const unpublished = await db.outbox.count({
          where: { publishedAt: null, createdAt: { lt: before } },
        });
        let checked = 0;
        const missing: string[] = [];
        for await (const ids of publishedBefore(db, before)) {
          missing.push(...(await withoutWorkflow(client, ids)));
          checked += ids.length;
          if (process.stderr.isTTY) process.stderr.write(`\r${checked} events checked`);
        }
        if (process.stderr.isTTY) process.stderr.write('\n');
        for (const id of missing) console.log(`${id}  has no workflow`);
        console.log(
          `${checked} checked, ${missing.length} without a workflow, ${unpublished} not published yet`,
        );
        if (repair && missing.length) await republish(db, missing);
        else if (missing.length) process.exitCode = 1;
      }),
    ),
  );

async function* publishedBefore(db: Db, before: Date): AsyncGenerator<string[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await db.outbox.findMany({
      where: { eventId: { gt: after }, publishedAt: { not: null, lt: before } },
      orderBy: { eventId: 'asc' },
      take: PAGE,
      select: { eventId: true },
    });
    if (rows.length === 0) return;
    after = rows.at(-1)!.eventId;
    yield rows.map(({ eventId }) => eventId);
  }
}

async function withoutWorkflow(client: Client, ids: string[]): Promise<string[]> {
  const missing: string[] = [];
  for (let at = 0; at < ids.length; at += LOOKUPS_AT_ONCE) {
    await Promise.all(
      ids.slice(at, at + LOOKUPS_AT_ONCE).map(async (id) => {
        try {
          await client.workflow.getHandle(id).describe();
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          missing.push(id);
        }
      }),
    );
  }
  return missing;
}

const republish = (db: Db, ids: string[]) =>
  withNats(async (nats) => {
    for (const eventId of ids) {
      const { eventType, payload } = await db.outbox.findUniqueOrThrow({ where: { eventId } });
      await publish(nats, subjectOf(eventType as EventType), `reconcile-${randomUUID()}`, payload);
      console.log(`${eventId}  published again`);
    }
  });
