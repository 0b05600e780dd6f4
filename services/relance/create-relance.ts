import type { Db, Tx } from '@crm/db';
import { formatDate } from '@crm/domain';
import { type Call, organisationOrDefault } from '@crm/kit';
import { ActionRelance, type CreateRelanceRequest, type Relance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { attenteInWords } from './attente-in-words.ts';
import { concerns } from './attente-rows.ts';
import type { OpenDays } from './open-days.ts';
import type { State } from './apply-action.ts';
import { firstState } from './first-state.ts';
import type { Whose } from './plan-next-send.ts';
import { levelsFor } from './regles-relance.ts';
import { relanceEntity, toColumns } from './relance-rows.ts';
import { remember } from './record-progress.ts';

/**
 * Plans the reminders of an invoice by the levels in force, and stores a copy of these with the plan. An
 * invoice has one plan: a repeat returns it. An invoice from before Suivi starts without the levels whose
 * time has passed, and its history says who adopted it.
 */
export function createRelance(db: Db, openDays: OpenDays) {
  const relance = relanceEntity(db);
  return async (request: CreateRelanceRequest, call: Call): Promise<Relance> => {
    const { invoiceId, clientId } = request;
    const planned = await db.relance.findUnique({ where: { invoiceId } });
    if (planned) return relance.toMessage(planned);
    const whose = { organisationId: organisationOrDefault(request.organisationId), clientId, invoiceId };
    const levels = await levelsFor(db, whose.organisationId);
    const days = openDays(whose.organisationId);
    const state = await firstState(levels, request, request.adopteeAt, days);
    const columns = await toColumns(db, state, whose, openDays);
    const create = async (tx: Parameters<typeof remember>[0]) => {
      const id = v7();
      const { count } = await tx.relance.createMany({
        data: [{ id, ...whose, ...columns }],
        skipDuplicates: true,
      });
      if (count === 1) {
        const first = { id, ...whose, version: 1 };
        for (const action of firstActions(request, state, call)) await remember(tx, first, action);
        for (const hold of await openHolds(tx, whose)) {
          const { auteur, motif } = hold;
          const line = {
            action: ActionRelance.ATTENTE,
            niveau: 0,
            auteur,
            motif,
            detail: attenteInWords(hold),
          };
          await remember(tx, first, line);
        }
      }
      return relance.toMessage(await tx.relance.findUniqueOrThrow({ where: { invoiceId } }));
    };
    return await call.once(create, relance.repeat);
  };
}

/** The holds on the invoice's reminders when these begin. */
async function openHolds(tx: Tx, whose: Whose & { invoiceId: string }) {
  const { organisationId, clientId } = whose;
  const where = { organisationId, clientId, leveeAt: null };
  const holds = await tx.attenteRelance.findMany({ where, orderBy: { id: 'asc' } });
  return holds.filter((hold) => concerns(hold, whose));
}

/** The first entries of the history: the plan; or who adopted the invoice, and what was skipped. */
function* firstActions(
  { adopteeAt, adopteePar }: CreateRelanceRequest,
  { niveaux }: State,
  { caller }: Pick<Call, 'caller'>,
): Generator<Parameters<typeof remember>[2]> {
  if (!adopteeAt) {
    yield { action: ActionRelance.PLANIFICATION, niveau: 0, auteur: caller.sub, motif: '' };
    return;
  }
  const auteur = caller.service && adopteePar ? adopteePar : caller.sub;
  const motif = `facture d’avant Suivi, reprise le ${formatDate(adopteeAt)}`;
  yield { action: ActionRelance.ADOPTION, niveau: 0, auteur, motif };
  for (const { niveau, motifSaut } of niveaux) {
    if (motifSaut) yield { action: ActionRelance.SAUT, niveau, auteur, motif: motifSaut };
  }
}
