import type { Db } from '@crm/db';
import { notFound, remembered, RpcError, type Methods } from '@crm/kit';
import {
  ActionRelance,
  MigrationRelance,
  StatutRelance,
  type Relance,
  type RelanceServiceService,
} from '@crm/proto/relance/relance';
import { applyAction, hasEnded } from './apply-action.ts';
import { comingSends } from './coming-sends.ts';
import { migratedLevels } from './migrate-relance.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { lastTurns } from './plan-next-send.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

const RUNNING = [StatutRelance.EN_ATTENTE, StatutRelance.EN_PAUSE];

/**
 * What moving running reminders to other rules would change, a page at a time, of which everything is read at once. The
 * invoice is read as it is now, and the mails to come are planned by the functions that plan what is sent.
 */
export function previewMigration(
  db: Db,
  openDays: OpenDays,
  factures: InvoiceSource,
): Methods<typeof RelanceServiceService>['previewMigration'] {
  const relance = relanceEntity(db);
  const running = async (id: string): Promise<Relance[]> => {
    const one = await relance.read(db, (await findRow(db, id)).id);
    return hasEnded(one) ? [] : [one];
  };
  return async ({ id, regleId, ...page }, { signal }) => {
    const { relances, nextPageToken } = id
      ? { relances: await running(id), nextPageToken: '' }
      : await relance.listWhere(page, { statut: { in: RUNNING } });
    const invoices = await readInvoices(
      factures,
      relances.map(({ invoiceId }) => invoiceId),
      signal,
    );
    const turnOfClient = await lastTurns(db, relances);
    const rulesOf = remembered((organisationId: string) => targetRules(db, organisationId, regleId));
    const days = rememberedDays(openDays);
    const now = new Date();
    const compare = async (one: Relance): Promise<MigrationRelance> => {
      const { id: relanceId, invoiceId, organisationId, clientId } = one;
      const whose = { relanceId, invoiceId, organisationId, clientId };
      const turn = turnOfClient(one);
      const lastSentAt = () => Promise.resolve(turn?.dernierAt);
      const surroundings = { now, lastSentAt, nextOpenDay: days(organisationId) };
      const avant = await comingSends(one, surroundings);
      try {
        const invoice = invoices.get(invoiceId);
        if (!invoice) throw notFound('invoice', invoiceId);
        const { dateFacture, dateEcheance, createdAt: emiseAt } = invoice;
        const dates = { dateFacture, dateEcheance, emiseAt };
        const niveaux = migratedLevels(one, await rulesOf(organisationId), turn, dates, now);
        const migration = {
          action: ActionRelance.MIGRATION,
          niveau: 0,
          motif: '',
          pauseJusquAu: '',
          niveaux,
        };
        const apres = await comingSends(applyAction(one, migration, now), surroundings);
        const changee = JSON.stringify(niveaux) !== JSON.stringify(one.niveaux);
        return MigrationRelance.fromPartial({ ...whose, avant, apres, changee });
      } catch (error) {
        // of a page of many, one cannot be moved
        if (!(error instanceof RpcError) || id) throw error;
        return MigrationRelance.fromPartial({ ...whose, avant, obstacle: error.message });
      }
    };
    const migrations: MigrationRelance[] = [];
    for (const one of relances) migrations.push(await compare(one));
    return { migrations, nextPageToken };
  };
}
