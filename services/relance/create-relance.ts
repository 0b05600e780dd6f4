import type { Db } from '@crm/db';
import type { Call } from '@crm/kit';
import {
  ActionRelance,
  NiveauRelance,
  StatutRelance,
  type CreateRelanceRequest,
  type Relance,
} from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import type { OpenDays } from './open-days.ts';
import { dueAt } from './due-at.ts';
import { levelsFor } from './regles-relance.ts';
import { relanceEntity, toColumns } from './relance-rows.ts';
import { remember } from './record-progress.ts';

/**
 * Plans the reminders of an invoice by the levels in force now, which are kept with the plan. An invoice has one plan:
 * planning it again answers the one there is.
 */
export function createRelance(db: Db, openDays: OpenDays) {
  const relance = relanceEntity(db);
  return async (request: CreateRelanceRequest, call: Call): Promise<Relance> => {
    const { invoiceId, clientId } = request;
    const planned = await db.relance.findUnique({ where: { invoiceId } });
    if (planned) return relance.toMessage(planned);
    const whose = { organisationId: request.organisationId || 'default', clientId, invoiceId };
    const levels = await levelsFor(db, whose.organisationId);
    const state = {
      statut: StatutRelance.EN_ATTENTE,
      niveaux: levels.map((level) => NiveauRelance.fromPartial({ ...level, dueAt: dueAt(level, request) })),
      pauseJusquAu: '',
      motifFin: '',
      cycle: 1,
    };
    const columns = await toColumns(db, state, whose, openDays);
    const create = async (tx: Parameters<typeof remember>[0]) => {
      const id = v7();
      const { count } = await tx.relance.createMany({
        data: [{ id, ...whose, ...columns }],
        skipDuplicates: true,
      });
      const action = { action: ActionRelance.PLANIFICATION, niveau: 0, auteur: call.caller.sub, motif: '' };
      if (count === 1) await remember(tx, { id, ...whose }, action);
      return relance.toMessage(await tx.relance.findUniqueOrThrow({ where: { invoiceId } }));
    };
    return await call.once(create, relance.repeat);
  };
}
