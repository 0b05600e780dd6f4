import type { Db } from '@crm/db';
import { everyPage, isRefusal, type Connected } from '@crm/kit';
import type { Tache, TacheServiceService } from '@crm/proto/activites/activites';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import type { RelanceRow } from './relance-rows.ts';

/** The RPCs of activites that closing tasks needs, as the caller. */
export type TaskSource = Pick<Connected<typeof TacheServiceService>, 'list' | 'marquerAnnulee'>;

type Settled = Pick<RelanceRow, 'id' | 'organisationId' | 'clientId' | 'invoiceId'>;

export type CloseTasks = (one: Settled, motif: string, signal: AbortSignal) => Promise<void>;

/** The hold of a task that says that it was broken or is over (`attente-tasks.ts`). */
const OF_AN_ENDED_HOLD = /^attente\/([^/]+)\/(?:rompue|terme)$/;

/**
 * Closes what is still to be done about an invoice of which nothing is left to pay: to call, to post a letter, to write
 * otherwise, to agree to a level; and to see to a broken promise, if the other invoices of the promise are settled as
 * well. Can be repeated.
 * @param motif why nothing is left to pay
 * @throws {RpcError} UNAVAILABLE: who knows is away
 */
export function closeTasks(
  db: Db,
  { taches, factures }: { taches: TaskSource; factures: InvoiceSource },
): CloseTasks {
  /** Whether the invoices of a hold are all settled. A hold of the whole client is about others as well. */
  const isSettled = async (holdId: string, { invoiceId }: Settled, signal: AbortSignal) => {
    const hold = await db.attenteRelance.findUnique({ where: { id: holdId } });
    if (!hold?.invoiceIds.includes(invoiceId)) return false;
    const invoices = await readInvoices(factures, hold.invoiceIds, signal);
    return [...invoices.values()].every(({ restantDu }) => restantDu <= 0n);
  };
  return async (one, motif, signal) => {
    const { id, organisationId, clientId, invoiceId } = one;
    const isNeedless = async ({ origine }: Tache): Promise<boolean> => {
      const hold = OF_AN_ENDED_HOLD.exec(origine)?.[1];
      if (hold) return await isSettled(hold, one, signal);
      const [kind, of, asks] = origine.split('/');
      return kind === 'relance' ? of === invoiceId : kind === 'attente' && asks === id;
    };
    const needless: Tache[] = [];
    for await (const page of everyPage((request) =>
      taches.list({ ...request, organisationId, clientId, ouvertes: true }),
    ))
      for (const tache of page.taches) if (await isNeedless(tache)) needless.push(tache);
    // a person may have done it meanwhile: then it stays as it is
    for (const tache of needless)
      await taches.marquerAnnulee({ id: tache.id, note: motif }).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
      });
  };
}
