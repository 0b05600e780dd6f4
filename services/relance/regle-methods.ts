import { ruleHistory, type Users } from '@crm/domain';
import type { Db, Tx } from '@crm/db';
import {
  entity,
  invalidFields,
  type Call,
  type FieldFault,
  type Methods,
  DEFAULT_ORGANISATION,
  organisationOrDefault,
} from '@crm/kit';
import {
  ChangementRegles,
  RegleRelance,
  type CanalRelance,
  type RegleRelanceServiceService,
  type ReglesEnVigueur,
} from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import type { Level } from './due-at.ts';
import { readLevels } from './read-levels.ts';
import { DEFAULT_LEVEL, inForce, levelFaults, templateOf, type Judged } from './regles-relance.ts';

/**
 * The rules of organisations. Of the active rows for one level, the one with the highest priority is in
 * force. Every change is kept with who made it.
 */
export function regleMethods(db: Db, users: Users): Methods<typeof RegleRelanceServiceService> {
  const history = ruleHistory(db, 'changementRegles', 'RELANCE', users);
  /** Records what a change of single rows makes of the levels in force. */
  const changed = async (tx: Tx, organisationId: string, was: Row[], is: Row[], call: Call, motif = '') => {
    const inWords = (rows: Row[]) =>
      inForce(rows).map((row) => RegleRelance.toJSON(regle.toMessage(row)) as object);
    await history.record(tx, { organisationId, motif, avant: inWords(was), apres: inWords(is) }, call);
  };
  const rowsOf = async (tx: Tx, organisationId: string): Promise<Row[]> => {
    await history.begin(tx, organisationId);
    return await tx.regleRelance.findMany({ where: { organisationId } });
  };
  const { modele: _, ...defaults } = DEFAULT_LEVEL;
  const regle = entity(db, {
    model: 'regleRelance',
    plural: 'regles',
    message: RegleRelance,
    defaults: { organisationId: DEFAULT_ORGANISATION, actif: true, ...defaults },
    created: async (tx, { id, organisationId }, call) => {
      const is = await rowsOf(tx, organisationId);
      await changed(
        tx,
        organisationId,
        is.filter((row) => row.id !== id),
        is,
        call,
      );
    },
    deleting: async (tx, id, call) => {
      const row = await tx.regleRelance.findUnique({ where: { id } });
      if (!row) return;
      const was = await rowsOf(tx, row.organisationId);
      await changed(
        tx,
        row.organisationId,
        was,
        was.filter((one) => one.id !== id),
        call,
      );
    },
    updating: async (tx, id, given, call) => {
      const row = await tx.regleRelance.findUnique({ where: { id } });
      if (!row) return;
      const changes = given as Partial<Level>;
      const { ouverture = row.ouverture, fermeture = row.fermeture, modele = '' } = changes;
      const canal = changes.canal ?? (row.canal as CanalRelance);
      assertLevel({ ouverture, fermeture, canal, modele });
      changes.modele = templateOf({ canal, modele: modele || row.modele });
      const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const was = await rowsOf(tx, row.organisationId);
      const is = was.map((one) => (one.id === id ? { ...one, ...said } : one));
      await changed(tx, row.organisationId, was, is, call);
    },
  });
  return {
    ...regle,
    create: async (request, call) => {
      const { canal, modele } = request;
      const { ouverture, fermeture } = DEFAULT_LEVEL;
      assertLevel({
        ouverture: request.ouverture || ouverture,
        fermeture: request.fermeture || fermeture,
        ...{ canal, modele },
      });
      return await regle.create({ ...request, modele: templateOf(request) }, call);
    },
    getEnVigueur: ({ organisationId }) => enVigueur(db, organisationOrDefault(organisationId)),
    async enregistrer({ organisationId: given, niveaux, motif, versionAttendue }, call) {
      const organisationId = organisationOrDefault(given);
      const faults: FieldFault[] = [];
      const levels = readLevels('niveaux', niveaux, faults);
      if (faults.length > 0) throw invalidFields(faults);
      return await call.once(async (tx) => {
        await history.begin(tx, organisationId, versionAttendue);
        const was = await tx.regleRelance.findMany({ where: { organisationId } });
        await tx.regleRelance.updateMany({
          where: { organisationId, niveau: { notIn: levels.map(({ niveau }) => niveau) }, actif: true },
          data: { actif: false },
        });
        for (const level of levels) {
          const ofLevel = was.filter(({ niveau }) => niveau === level.niveau);
          // the one in force, else one that was in force before: its place is taken
          const row = inForce(ofLevel)[0] ?? ofLevel.sort((a, b) => b.priorite - a.priorite)[0];
          if (row) await tx.regleRelance.update({ where: { id: row.id }, data: { ...level, actif: true } });
          else await tx.regleRelance.create({ data: { id: v7(), organisationId, ...level } });
        }
        const is = await tx.regleRelance.findMany({ where: { organisationId } });
        await changed(tx, organisationId, was, is, call, motif);
        return await enVigueur(tx, organisationId);
      });
    },
    async listChangements(request) {
      const { rows, nextPageToken } = await history.list(request);
      const read = (rules: unknown[]) => rules.map((one) => RegleRelance.fromJSON(one));
      const changements = rows.map((row) =>
        ChangementRegles.fromPartial({ ...row, avant: read(row.avant), apres: read(row.apres) }),
      );
      return { changements, nextPageToken };
    },
  };

  async function enVigueur(tx: Tx | Db, organisationId: string): Promise<ReglesEnVigueur> {
    const version = await history.versionOf(tx, organisationId);
    for (const origine of new Set([organisationId, DEFAULT_ORGANISATION])) {
      const rows = inForce(
        await tx.regleRelance.findMany({ where: { organisationId: origine, actif: true } }),
      );
      if (rows.length > 0)
        return { organisationId, origine, niveaux: rows.map((row) => regle.toMessage(row)), version };
    }
    const builtIn = RegleRelance.fromPartial({ ...DEFAULT_LEVEL, actif: true });
    return { organisationId, origine: '', niveaux: [builtIn], version };
  }
}

type Row = Awaited<ReturnType<Tx['regleRelance']['findMany']>>[number];

/** @throws {RpcError} INVALID_ARGUMENT naming every fault of `levelFaults` */
function assertLevel(level: Judged): void {
  const faults = levelFaults(level);
  if (faults.length > 0) throw invalidFields(faults);
}
