import type { Db, Tx } from '@crm/db';
import { authorOf, invalid, notFound, planned, unavailable, type Call } from '@crm/kit';
import {
  ActionRelance,
  StatutRelance,
  type RecordRelanceProgressRequest,
  type Relance,
} from '@crm/proto/relance/relance';
import { todayInParis } from '@crm/domain';
import { applyAction, hasEnded, isDone, type State } from './apply-action.ts';
import { findGroup, markGroupSent, release, type Membre, type WakeOthers } from './merged-sends.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { nextSend } from './plan-next-send.ts';
import { markSent, passedOver, rememberAll, stateOf } from './record-progress.ts';
import { findRow, levelColumn, relanceEntity, toRelanceRow, type RelanceRow } from './relance-rows.ts';

/** The most invoices that an entry of the history names. */
const NAMED_AT_MOST = 10;

/**
 * Records that a mail for several invoices went out: the level of each invoice that it was about, in one transaction,
 * once. Invoices that it was decided for and not about any more are free again. The other workflows are woken.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE: reminders have just been changed, try again
 */
export function recordMerged(db: Db, openDays: OpenDays, wakeOthers: WakeOthers) {
  const relance = relanceEntity(db);
  return async (request: RecordRelanceProgressRequest, call: Call): Promise<Relance> => {
    const { envoiGroupeId, messageId, factures } = request;
    const group = await findGroup(db, envoiGroupeId);
    if (!group) throw notFound('envoi groupé', envoiGroupeId);
    const { id } = await findRow(db, request.id);
    const at = new Date();
    const about = group.membres.filter(({ invoiceId }) => factures.includes(invoiceId));
    const found = await db.relance.findMany({ where: { id: { in: about.map((one) => one.relanceId) } } });
    // otherwise nothing would be recorded of a mail that is out
    if (about.length === 0) throw invalid('factures', 'must name invoices that the mail was decided for');
    const rows = new Map(found.map((row) => [row.id, toRelanceRow(row)]));
    const plan = await planned(async () => {
      const nextOpenDay = rememberedDays(openDays)(group.organisationId);
      const sent = about.map((membre) => {
        const row = rows.get(membre.relanceId)!;
        return { row, membre, state: afterMail(row, membre, { at, messageId, envoiGroupeId }) };
      });
      const surroundings = { now: at, lastSentAt: () => Promise.resolve(at), nextOpenDay };
      return await Promise.all(
        sent.map(async (one) => ({ ...one, next: await nextSend(one.state, surroundings) })),
      );
    });
    const record = async (tx: Tx): Promise<Relance> => {
      if (!(await markGroupSent(tx, group.id, messageId, at))) return await relance.read(tx, id);
      await markSent(tx, group, at);
      const auteur = authorOf(call, request);
      const detail = inWords(about);
      const entries: Parameters<typeof rememberAll>[1] = [];
      for (const { row, membre, state, next } of plan()) {
        const { niveaux, ...columns } = state;
        const changed = await tx.relance.updateMany({
          where: { id: row.id, version: row.version },
          data: {
            ...{ ...columns, ...next, niveaux: levelColumn(niveaux) },
            ...{ envoiEnCours: '', version: { increment: 1 } },
          },
        });
        if (changed.count === 0)
          throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed; try again');
        const of = { ...row, version: row.version + 1 };
        for (const line of passedOver(row, state, membre.niveau)) entries.push([of, line]);
        const line = { action: ActionRelance.ENVOI, niveau: membre.niveau, auteur, motif: request.motif };
        entries.push([of, { ...line, detail, messageId }]);
      }
      await rememberAll(tx, entries);
      await release(tx, group);
      return await relance.read(tx, id);
    };
    const recorded = await call.once(record, relance.repeat);
    await wakeOthers(group, { id });
    return recorded;
  };
}

type Mail = { at: Date; messageId: string; envoiGroupeId: string };

/**
 * The reminders of an invoice once its level has gone out. What was decided about them since the mail went out stays:
 * they may have ended, been paused, or have restarted; a level that was skipped stays skipped.
 */
function afterMail(row: RelanceRow, { niveau, cycle }: Membre, { at, ...mail }: Mail): State {
  const before = stateOf(row);
  const level = row.niveaux.find((one) => one.niveau === niveau);
  if (row.cycle !== cycle || !level || isDone(level)) return before;
  if (hasEnded(row)) {
    const niveaux = row.niveaux.map((one) => (one === level ? { ...one, ...mail, envoyeeAt: at } : one));
    return { ...before, niveaux };
  }
  const sent = { action: ActionRelance.ENVOI, niveau, motif: '', pauseJusquAu: '', ...mail };
  const after = applyAction(before, sent, at);
  const isPaused =
    row.statut === StatutRelance.EN_PAUSE && (!row.pauseJusquAu || row.pauseJusquAu > todayInParis());
  return isPaused && !hasEnded(after)
    ? { ...after, statut: row.statut, pauseJusquAu: row.pauseJusquAu }
    : after;
}

/** "un courriel pour 3 factures: F-2026-0001, F-2026-0002, F-2026-0003". */
function inWords(about: Membre[]): string {
  const numbers = about.map(({ numero }) => numero);
  const more = numbers.length - NAMED_AT_MOST;
  const named = numbers.slice(0, NAMED_AT_MOST).join(', ') + (more > 0 ? ` et ${more} de plus` : '');
  return numbers.length > 1 ? `un courriel pour ${numbers.length} factures: ${named}` : '';
}
