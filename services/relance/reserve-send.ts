import type { Db } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import type { ReserveSendRequest, ReserveSendResponse } from '@crm/proto/relance/relance';
import { inWords, type Attentes } from './attentes.ts';
import { hasEnded, nextLevel } from './apply-action.ts';
import { nextSendTime } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { lastTurn, turnOf } from './plan-next-send.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

/** How soon the end of what holds reminders back is noticed, where nobody tells. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Takes the client's turn for a level's e-mail, if it is open hours now and the spacing after the last reminder to the
 * client, of whichever invoice, is over. Of reminders that want the turn at the same time the first takes it from the last
 * reminder as it was looked at; the others look again, and are told when they may ask. A turn that was taken stays taken
 * for that level, so that an attempt which broke off can be repeated. While something holds the client's reminders back
 * nobody gets it; they look again an hour later.
 */
export function reserveSend(db: Db, openDays: OpenDays, attentes: Attentes) {
  const relance = relanceEntity(db);
  return async ({ id, niveau }: ReserveSendRequest, _: Call): Promise<ReserveSendResponse> => {
    const row = await findRow(db, id);
    const level = nextLevel(row);
    if (hasEnded(row) || level?.niveau !== niveau) {
      throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is not the one that comes next`);
    }
    const { organisationId, clientId } = row;
    const envoi = turnOf(row, niveau);
    const attente = inWords(await attentes.open([row]), row);
    for (;;) {
      const last = await lastTurn(db, row);
      const others = last?.envoi === envoi ? undefined : last?.dernierAt;
      const now = new Date();
      const wished = attente ? new Date(now.getTime() + LOOK_AGAIN_MS) : now;
      const at = await nextSendTime(wished, level, others, openDays(organisationId));
      if (at > now) {
        await db.relance.updateMany({
          where: { id: row.id, version: row.version },
          data: { prochaineAt: at },
        });
        return {
          accordee: false,
          relance: { ...(await relance.read(db, row.id)), prochaineAt: at, attente },
        };
      }
      const taken = await db.$executeRaw`
        INSERT INTO relance.derniers_envois AS d (organisation_id, client_id, envoi, dernier_at)
        VALUES (${organisationId}, ${clientId}, ${envoi}, ${now})
        ON CONFLICT (organisation_id, client_id) DO UPDATE SET envoi = ${envoi}, dernier_at = ${now}
        WHERE d.envoi = ${envoi} OR d.dernier_at = ${others ?? null}::timestamptz`;
      if (taken === 1) return { accordee: true, relance: await relance.read(db, row.id) };
    }
  };
}
