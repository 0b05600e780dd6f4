import type { Db } from '@crm/db';
import { clientName, previewMoves } from '@crm/domain';
import { knownOf, notFound, remembered, type Methods } from '@crm/kit';
import {
  ActionRelance,
  MigrationRelance,
  type Relance,
  type RelanceServiceService,
} from '@crm/proto/relance/relance';
import { applyAction, hasEnded, RUNNING } from './apply-action.ts';
import { comingSends } from './coming-sends.ts';
import type { HeldBack } from './held-back.ts';
import type { ManySources } from './many-commands.ts';
import { migrateLevels } from './migrate-levels.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { lastTurns } from './plan-next-send.ts';
import { readInvoices } from './read-invoices.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

/**
 * Lists what would change if running reminders moved to other rules, one page at a time; everything for a
 * page is read at once. Invoices are read as they are now, and the mails to come are computed by the
 * functions that plan real ones.
 */
export function previewMigration(
  db: Db,
  openDays: OpenDays,
  { factures, clients }: ManySources,
  heldBack: HeldBack,
): Methods<typeof RelanceServiceService>['previewMigration'] {
  const relance = relanceEntity(db);
  const running = async (id: string): Promise<Relance[]> => {
    const one = relance.toMessage(await findRow(db, id));
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
    const known = await knownOf(
      relances.map(({ clientId }) => clientId),
      (asked) => clients.list(asked),
      ({ clients: found }) => found,
    );
    const turnOfClient = await lastTurns(db, relances);
    const held = await heldBack(relances);
    const rulesOf = remembered((organisationId: string) => targetRules(db, organisationId, regleId));
    const days = rememberedDays(openDays);
    const now = new Date();
    const ground = (one: Relance) => {
      return { now, turn: turnOfClient(one), nextOpenDay: days(one.organisationId) };
    };
    const previews = await previewMoves(
      relances,
      Boolean(id),
      async (one) => {
        const { id: relanceId, invoiceId, organisationId, clientId, version } = one;
        const invoice = invoices.get(invoiceId);
        const client = known.get(clientId);
        const names = {
          numeroFacture: invoice?.numero ?? '',
          restantDu: invoice?.restantDu ?? 0n,
          client: client ? clientName(client) : '',
        };
        const whose = { relanceId, invoiceId, organisationId, clientId, attente: held(one).attente };
        return { ...whose, ...names, version, avant: await comingSends(one, ground(one)) };
      },
      async (one) => {
        const invoice = invoices.get(one.invoiceId);
        if (!invoice) throw notFound('invoice', one.invoiceId);
        const { dateFacture, dateEcheance, createdAt: emiseAt } = invoice;
        const dates = { dateFacture, dateEcheance, emiseAt };
        const niveaux = migrateLevels(one.niveaux, await rulesOf(one.organisationId), dates);
        const migration = {
          action: ActionRelance.MIGRATION,
          niveau: 0,
          motif: '',
          pauseJusquAu: '',
          niveaux,
        };
        const apres = await comingSends({ ...one, ...applyAction(one, migration, now) }, ground(one));
        return { apres, changee: JSON.stringify(niveaux) !== JSON.stringify(one.niveaux) };
      },
    );
    const { organisationId } = page;
    const where = { ...(organisationId && { organisationId }), statut: { in: RUNNING } };
    const total = id ? relances.length : await db.relance.count({ where });
    return { migrations: previews.map((one) => MigrationRelance.fromPartial(one)), nextPageToken, total };
  };
}
