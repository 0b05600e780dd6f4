import type { Db } from '@crm/db';
import { notFound, orUndefined, unavailable, type Call, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ReserveSendRequest, ReserveSendResponse } from '@crm/proto/relance/relance';
import { hasEnded, isMail } from './apply-action.ts';
import { decideSend, isDueNow, takesTurn } from './decide-send.ts';
import { turnOf } from './plan-next-send.ts';
import type { Refresh } from './refresh.ts';
import { findRow, relanceEntity } from './relance-rows.ts';

/** The RPC of clients for reading a client, as the caller. */
export type ClientSource = Pick<Connected<typeof ClientBaseServiceService>, 'get'>;

/**
 * Answers what is to be done now about a level, by what is true now (`refresh.ts`, `decide-send.ts`), and reserves the
 * client's turn for its mail, call or letter. Of concurrent reminders the first one gets the turn; the others read again
 * and are told when to try again. A reserved turn stays reserved for its level, so that an interrupted attempt can be
 * repeated. A client who hears nothing takes no turn.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE, also for a call or a letter that workers of an earlier release ask for
 */
export function reserveSend(db: Db, again: Refresh, clients: ClientSource) {
  const relance = relanceEntity(db);
  return async (request: ReserveSendRequest, call: Call): Promise<ReserveSendResponse> => {
    const { id, niveau, sansTour, avecActe } = request;
    for (;;) {
      const row = await findRow(db, id);
      if (hasEnded(row)) return { accordee: false, relance: await relance.read(db, row.id), acte: undefined };
      const [{ row: planned, held, others, now, invoice }, client] = await Promise.all([
        again(row, call),
        avecActe ? orUndefined(clients.get({ id: row.clientId })) : undefined,
      ]);
      if (avecActe && !invoice) throw notFound('invoice', row.invoiceId);
      const acte =
        avecActe && invoice ? decideSend({ row: planned, invoice, client, held, now }, niveau) : undefined;
      const accordee = isDueNow(planned, niveau, now) && acte?.$case !== 'solde';
      const answer = async () => ({
        accordee,
        relance: { ...(await relance.read(db, row.id)), ...held },
        acte,
      });
      const level = planned.niveaux.find((one) => one.niveau === niveau)!;
      if (accordee && !avecActe && !isMail(level))
        throw unavailable(
          'RELANCE_CANAL',
          `level ${niveau} is no mail: workers of this release carry it out`,
        );
      const takesIt = acte ? acte.$case !== 'solde' && takesTurn(level, acte.$case) : !avecActe && !sansTour;
      if (!accordee || !takesIt) return await answer();
      const envoi = turnOf(row, niveau);
      const taken = await db.$executeRaw`
        INSERT INTO relance.derniers_envois AS d (organisation_id, client_id, envoi, dernier_at)
        VALUES (${row.organisationId}, ${row.clientId}, ${envoi}, ${now})
        ON CONFLICT (organisation_id, client_id) DO UPDATE SET envoi = ${envoi}, dernier_at = ${now}
        WHERE d.envoi = ${envoi} OR d.dernier_at = ${others ?? null}::timestamptz`;
      if (taken === 1) return await answer();
    }
  };
}
