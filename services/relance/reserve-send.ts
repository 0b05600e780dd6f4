import type { Db } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import type { ReserveSendRequest, ReserveSendResponse } from '@crm/proto/relance/relance';
import { inWords, type Attentes } from './attentes.ts';
import { hasEnded, nextLevel } from './apply-action.ts';
import { nextSendTime } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { lastTurn, turnOf } from './plan-next-send.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

/** The longest time until the end of a hold is noticed without a signal. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Reserves the client's turn for the mail of a level, if it is within opening hours and the spacing from the
 * client's last reminder, for any invoice, is over. Of concurrent reminders the first one gets the turn; the
 * others read again and are told when to try again. A reserved turn stays reserved for its level, so that an
 * interrupted attempt can be repeated. While a hold is in force nobody gets a turn; they look again an hour
 * later.
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
        return { accordee: false, relance: { ...relance.toMessage(row), prochaineAt: at, attente } };
      }
      const taken = await db.$executeRaw`
        INSERT INTO relance.derniers_envois AS d (organisation_id, client_id, envoi, dernier_at)
        VALUES (${organisationId}, ${clientId}, ${envoi}, ${now})
        ON CONFLICT (organisation_id, client_id) DO UPDATE SET envoi = ${envoi}, dernier_at = ${now}
        WHERE d.envoi = ${envoi} OR d.dernier_at = ${others ?? null}::timestamptz`;
      if (taken === 1) return { accordee: true, relance: relance.toMessage(row) };
    }
  };
}
