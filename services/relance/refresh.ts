import type { Db } from '@crm/db';
import { settledBecause } from '@crm/domain';
import { unavailable, type Call, type Methods } from '@crm/kit';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, type Relance, type RelanceServiceService } from '@crm/proto/relance/relance';
import { hasEnded } from './apply-action.ts';
import type { AttenteTasks } from './attente-tasks.ts';
import type { CloseTasks } from './close-tasks.ts';
import { currentPlan } from './current-plan.ts';
import { describeChange } from './describe-change.ts';
import type { Held, HeldBack } from './held-back.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { lastTurn } from './plan-next-send.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { remember } from './record-progress.ts';
import { findRow, levelColumn, relanceEntity, type RelanceRow } from './relance-rows.ts';

/** Reminders as they are planned now, and what holds them back. */
type Refreshed = {
  row: RelanceRow;
  held: Held;
  /** When the client's last reminder was, unless that is this level. */
  others: Date | undefined;
  /** The level that is due and held back. 0: none. */
  waiting: number;
  isMoved: boolean;
  /** Undefined: factures does not know it. */
  invoice: Invoice | undefined;
  now: Date;
};

export type Refresh = (row: RelanceRow, call: Pick<Call, 'signal' | 'caller'>) => Promise<Refreshed>;

/** Reads what is true now of reminders of one client, and plans them by it. Stores nothing. */
export type ReadTruth = (rows: RelanceRow[], call: Pick<Call, 'signal'>) => Promise<Refreshed[]>;

/** @throws {RpcError} UNAVAILABLE: who knows a part of it is away */
export function readTruth(
  db: Db,
  openDays: OpenDays,
  factures: InvoiceSource,
  heldBack: HeldBack,
): ReadTruth {
  return async (rows, { signal }) => {
    const [first] = rows;
    if (!first) return [];
    const ids = rows.map(({ invoiceId }) => invoiceId);
    const [invoices, heldOf, turn] = await Promise.all([
      readInvoices(factures, ids, signal),
      heldBack(rows),
      lastTurn(db, first),
    ]);
    const now = new Date();
    const nextOpenDay = rememberedDays(openDays)(first.organisationId);
    return await Promise.all(
      rows.map(async (row) => {
        const invoice = invoices.get(row.invoiceId);
        const dates = invoice && { ...invoice, emiseAt: invoice.createdAt };
        const held = heldOf(row);
        const truth = { ...held, invoice: dates, now, turn, nextOpenDay };
        const { isOwnTurn, waiting, ...plan } = await currentPlan(row, truth);
        const isMoved = plan.niveaux !== row.niveaux;
        const others = isOwnTurn ? undefined : turn?.dernierAt;
        return { row: { ...row, ...plan }, held, others, waiting, isMoved, invoice, now };
      }),
    );
  };
}

/**
 * Plans reminders by what is true now: the invoice's due date, holds, debits, the client's last reminder. If the due date
 * has moved levels, the history says so. If a level is due that is sent on approval only, its task is created, once.
 * @throws {RpcError} UNAVAILABLE: who knows a part of it is away, or the reminders change too fast
 */
export function refresh(db: Db, read: ReadTruth, ask: AttenteTasks['ask']): Refresh {
  return async (row, call) => {
    const [refreshed] = (await read([row], call)) as [Refreshed];
    const { row: plan, held, waiting, isMoved, invoice } = refreshed;
    const level = plan.niveaux.find(({ niveau }) => niveau === waiting);
    if (held.surAccord && level && invoice) await ask(held.surAccord, row, level, invoice);
    const isOther = isMoved || plan.prochainNiveau !== row.prochainNiveau;
    if (!isOther && isSame(plan.prochaineAt, row.prochaineAt)) return refreshed;
    // an instant that moves, for an hour's wait or another mail to the client, is no other version for a person
    const version = row.version + Number(isOther);
    const { niveaux, prochainNiveau, prochaineAt } = plan;
    await db.$transaction(async (tx) => {
      const next = { prochainNiveau, prochaineAt };
      const { count } = await tx.relance.updateMany({
        where: { id: row.id, version: row.version },
        data: { ...next, version, ...(isMoved && { niveaux: levelColumn(niveaux) }) },
      });
      if (count === 0)
        throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed; try again');
      if (!isMoved) return;
      const motif = `échéance de la facture: ${invoice!.dateEcheance}`;
      const line = { action: ActionRelance.ECHEANCE_MODIFIEE, niveau: 0, auteur: call.caller.sub, motif };
      await remember(tx, { ...row, version }, { ...line, detail: describeChange(row, plan) });
    });
    return { ...refreshed, row: { ...plan, version } };
  };
}

const isSame = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime();

/** Closes the tasks of reminders that have ended, if nothing is left to pay: no run of theirs would do it. */
export const settled =
  (factures: InvoiceSource, close: CloseTasks) =>
  async (row: RelanceRow, { signal }: Call): Promise<void> => {
    const invoice = (await readInvoices(factures, [row.invoiceId], signal)).get(row.invoiceId);
    if (invoice && invoice.restantDu <= 0n) await close(row, settledBecause(invoice), signal);
  };

const MOST_TRIES = 3;

/** Plans reminders again, for the service that has changed the invoice and for the workflow that has news of it. */
export function replanifier(
  db: Db,
  again: Refresh,
  wake: (invoiceId: string) => Promise<unknown>,
  whenSettled: (row: RelanceRow, call: Call) => Promise<void>,
): Methods<typeof RelanceServiceService>['replanifier'] {
  const relance = relanceEntity(db);
  return async ({ id }, call): Promise<Relance> => {
    for (let tries = 1; ; tries += 1) {
      const row = await findRow(db, id);
      if (hasEnded(row)) {
        await whenSettled(row, call);
        return await relance.read(db, row.id);
      }
      try {
        const { held, isMoved } = await again(row, call);
        // a workflow that asks reads the answer; a caller who repeats, because nobody could be told, tells it now
        if (isMoved || !call.caller.service) await wake(row.invoiceId);
        return { ...(await relance.read(db, row.id)), ...held };
      } catch (error) {
        // the workflow, which had news at the same time, was first
        if (tries === MOST_TRIES || (await findRow(db, id)).version === row.version) throw error;
      }
    }
  };
}
