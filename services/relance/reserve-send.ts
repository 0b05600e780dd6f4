import type { Db, Tx } from '@crm/db';
import { notFound, orUndefined, unavailable, type Call, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ReserveSendRequest, ReserveSendResponse } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { hasEnded, isMail } from './apply-action.ts';
import { LOOK_AGAIN_MS } from './current-plan.ts';
import { decideSend, isDueNow, takesTurn } from './decide-send.ts';
import { mergedMail } from './merged-mail.ts';
import { beginSend, carries, giveUp, groupOf, type WakeOthers } from './merged-sends.ts';
import type { MergesReminders } from './merges-reminders.ts';
import { nextSendTime } from './next-send-time.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { otherReminders } from './other-reminders.ts';
import { turnOf } from './plan-next-send.ts';
import type { ReadTruth, Refresh } from './refresh.ts';
import { findRow, relanceEntity, type RelanceRow } from './relance-rows.ts';
import { mergedPurpose, underWayOf } from './under-way.ts';
import { whoIsMerged, whoStillGoes } from './who-is-merged.ts';

/** The RPC of clients for reading a client, as the caller. */
export type ClientSource = Pick<Connected<typeof ClientBaseServiceService>, 'get'>;

/** What reserving needs: who knows the truth, and who is told. */
export type Reserving = {
  db: Db;
  openDays: OpenDays;
  clients: ClientSource;
  again: Refresh;
  read: ReadTruth;
  merges: MergesReminders;
  wakeOthers: WakeOthers;
};

const NOTHING = { accordee: false, acte: undefined, envoiGroupeId: '' };

/**
 * Answers what is to be done now about a level, by what is true now (`refresh.ts`, `decide-send.ts`), and reserves the
 * client's turn for its mail, call or letter. Of concurrent reminders the first one gets the turn; the others read again
 * and are told when to try again. A reserved turn stays reserved for its level, so that an interrupted attempt can be
 * repeated. A client who hears nothing takes no turn.
 *
 * In an organisation that merges reminders, the first one takes others of the client along (`who-is-merged.ts`) and
 * sends the mail for all of them, while they wait. A repeated attempt asks for the same mail, about those that it still
 * concerns. If the first one drops out, another one sends it (`merged-sends.ts`, docs/adr/0038).
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE, also for a call or a letter that workers of an earlier release ask for
 */
export function reserveSend({ db, openDays, clients, again, read, merges, wakeOthers }: Reserving) {
  const relance = relanceEntity(db);
  const othersOf = otherReminders(db, read);

  /** Reminders whose mail is sent by the workflow of another invoice are woken by its record, or look again. */
  async function waits(row: RelanceRow): Promise<ReserveSendResponse> {
    const later = new Date(Date.now() + LOOK_AGAIN_MS);
    const level = row.niveaux.find(({ niveau }) => niveau === underWayOf(row)!.niveau)!;
    const prochaineAt = await nextSendTime(later, level, undefined, openDays(row.organisationId));
    await db.relance.updateMany({ where: { id: row.id, version: row.version }, data: { prochaineAt } });
    return { ...NOTHING, relance: await relance.read(db, row.id) };
  }

  return async (request: ReserveSendRequest, call: Call): Promise<ReserveSendResponse> => {
    const { id, niveau, sansTour, avecActe } = request;
    for (;;) {
      const row = await findRow(db, id);
      if (hasEnded(row)) return { ...NOTHING, relance: await relance.read(db, row.id) };
      const group = await groupOf(db, row);
      if (group && !(avecActe && (await carries(db, group, row)))) return await waits(row);
      const [{ row: planned, held, others, now, invoice }, client] = await Promise.all([
        again(row, call),
        avecActe ? orUndefined(clients.get({ id: row.clientId })) : undefined,
      ]);
      if (avecActe && !invoice) throw notFound('invoice', row.invoiceId);
      const acte =
        avecActe && invoice ? decideSend({ row: planned, invoice, client, held, now }, niveau) : undefined;
      const accordee = isDueNow(planned, niveau, now) && acte?.$case !== 'solde';
      const answer = async (mail = acte, envoiGroupeId = ''): Promise<ReserveSendResponse> => ({
        accordee,
        relance: { ...(await relance.read(db, row.id)), ...held },
        acte: mail,
        envoiGroupeId,
      });
      const level = planned.niveaux.find((one) => one.niveau === niveau)!;
      if (accordee && !avecActe && !isMail(level))
        throw unavailable(
          'RELANCE_CANAL',
          `level ${niveau} is no mail: workers of this release carry it out`,
        );
      if (group && accordee && acte?.$case !== 'courriel') {
        // the client cannot be written to any more: each invoice has its own task or reason
        await giveUp(db, group);
        await wakeOthers(group, row);
        return await answer();
      }
      const takesIt = acte ? acte.$case !== 'solde' && takesTurn(level, acte.$case) : !avecActe && !sansTour;
      if (!accordee || !takesIt) return await answer();
      const own = { row: planned, held, invoice };
      const truth = { client, now, nextOpenDay: rememberedDays(openDays)(row.organisationId) };
      const isFree = acte?.$case === 'courriel' && !underWayOf(row) && (await merges(row.organisationId));
      const members = group
        ? await whoStillGoes([own, ...(await othersOf(row, { group }, call))], truth)
        : isFree
          ? await whoIsMerged(own, await othersOf(row, { at: now }, call), truth)
          : [];
      if (group && members.length === 0) {
        // its rules were changed meanwhile, and the level is a letter of its own now
        await giveUp(db, group);
        await wakeOthers(group, row);
        continue;
      }
      const groupe = group?.id ?? (members.length > 1 ? v7() : '');
      const key = groupe ? mergedPurpose(groupe) : turnOf(row, niveau);
      const takeTurn = async (tx: Tx | Db): Promise<boolean> => {
        const taken = await tx.$executeRaw`
          INSERT INTO relance.derniers_envois AS d (organisation_id, client_id, envoi, dernier_at)
          VALUES (${row.organisationId}, ${row.clientId}, ${key}, ${now})
          ON CONFLICT (organisation_id, client_id) DO UPDATE SET envoi = ${key}, dernier_at = ${now}
          WHERE d.envoi = ${key} OR d.dernier_at = ${others ?? null}::timestamptz`;
        return taken === 1;
      };
      const taken = isFree
        ? await beginSend(db, { carrier: planned, groupe, members }, takeTurn)
        : await takeTurn(db);
      if (!taken) continue;
      if (!groupe) return await answer();
      return await answer({ $case: 'courriel', value: mergedMail(members, client!, groupe, now) }, groupe);
    }
  };
}
