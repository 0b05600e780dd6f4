import type { Db } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import type { ReserveSendRequest, ReserveSendResponse } from '@crm/proto/relance/relance';
import { hasEnded, isDone } from './apply-action.ts';
import { turnOf } from './plan-next-send.ts';
import type { Refresh } from './refresh.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

/**
 * Reserves the client's turn for the mail of a level, if it is to be sent now by what is true now (`refresh.ts`). Of
 * concurrent reminders the first one gets the turn; the others read again and are told when to try again. A
 * reserved turn stays reserved for its level, so that an interrupted attempt can be repeated.
 */
export function reserveSend(db: Db, again: Refresh) {
  const relance = relanceEntity(db);
  return async ({ id, niveau, sansTour }: ReserveSendRequest, call: Call): Promise<ReserveSendResponse> => {
    for (;;) {
      const row = await findRow(db, id);
      if (hasEnded(row) || !row.niveaux.some((level) => level.niveau === niveau && !isDone(level))) {
        throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is none that is to come`);
      }
      const { row: planned, held, others, now } = await again(row, call);
      const answer = async (accordee: boolean) => ({
        accordee,
        relance: { ...(await relance.read(db, row.id)), ...held },
      });
      const isNow = planned.prochainNiveau === niveau && planned.prochaineAt && planned.prochaineAt <= now;
      if (!isNow) return await answer(false);
      if (sansTour) return await answer(true);
      const envoi = turnOf(row, niveau);
      const taken = await db.$executeRaw`
        INSERT INTO relance.derniers_envois AS d (organisation_id, client_id, envoi, dernier_at)
        VALUES (${row.organisationId}, ${row.clientId}, ${envoi}, ${now})
        ON CONFLICT (organisation_id, client_id) DO UPDATE SET envoi = ${envoi}, dernier_at = ${now}
        WHERE d.envoi = ${envoi} OR d.dernier_at = ${others ?? null}::timestamptz`;
      if (taken === 1) return await answer(true);
    }
  };
}
