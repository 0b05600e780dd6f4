import type { Db, Tx } from '@crm/db';
import type { Connected } from '@crm/kit';
import type { FaitServiceService as Clients } from '@crm/proto/clients/faits';
import type { FaitServiceService as Factures } from '@crm/proto/factures/faits';
import type { FaitServiceService as Payments } from '@crm/proto/payments/faits';
import type { FaitServiceService as Relance } from '@crm/proto/relance/faits';
import {
  recordClients,
  recordInvoices,
  recordPayments,
  recordPromises,
  recordReminders,
} from './record-facts.ts';

/** Who tells the facts. */
export type Sources = {
  factures: Connected<typeof Factures>;
  payments: Connected<typeof Payments>;
  clients: Connected<typeof Clients>;
  relance: Connected<typeof Relance>;
};

type Since = { apres: bigint; nombre: number };
type Page = { dernier: bigint; encore: boolean };

/** Rows of one page: a transaction of some hundred milliseconds. */
const PAGE = 1_000;

/**
 * Makes what we keep of invoices, payments, clients and reminders equal to what their services have committed. A page and
 * its cursor are one transaction, so a page is counted once whoever reads it, and a reader that dies loses nothing. Calls
 * at the same time share one look that began after they did.
 * @returns when the look began, which the figures are true for at least
 * @throws {RpcError} UNAVAILABLE: one of them is away
 */
export function bringUpToDate(
  db: Db,
  { factures, payments, clients, relance }: Sources,
): () => Promise<Date> {
  const read = async <P extends Page>(
    source: string,
    list: (since: Since) => Promise<P>,
    record: (tx: Tx, page: P) => Promise<void>,
  ) => {
    let apres = (await db.curseurFaits.findUnique({ where: { source } }))?.dernier ?? 0n;
    for (;;) {
      const page = await list({ apres, nombre: PAGE });
      if (page.dernier !== apres) {
        const from = apres;
        apres = await db.$transaction(async (tx) => {
          await tx.$executeRaw`INSERT INTO dashboard.curseurs (source) VALUES (${source}) ON CONFLICT DO NOTHING`;
          const [at] = await tx.$queryRaw<{ dernier: bigint }[]>`
            SELECT dernier FROM dashboard.curseurs WHERE source = ${source} FOR UPDATE`;
          // another process was faster: its page is at least as new
          if (at!.dernier !== from) return at!.dernier;
          await record(tx, page);
          await tx.curseurFaits.update({ where: { source }, data: { dernier: page.dernier } });
          return page.dernier;
        });
      }
      if (!page.encore) return;
    }
  };
  const look = async () => {
    const began = new Date();
    await Promise.all([
      read('factures', (since) => factures.listFaits(since), recordInvoices),
      read('payments', (since) => payments.listFaits(since), recordPayments),
      read('clients', (since) => clients.listFaits(since), recordClients),
      read('envois', (since) => relance.listEnvois(since), recordReminders),
      read('promesses', (since) => relance.listPromesses(since), recordPromises),
    ]);
    return began;
  };
  let running: Promise<Date> | undefined;
  let next: Promise<Date> | undefined;
  const start = () => {
    running = look().finally(() => (running = undefined));
    return running;
  };
  return () => {
    if (!running) return start();
    // what was committed after the running look began may be missing in it
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return running ?? start();
      });
    return next;
  };
}
