import { FORMAL_NOTICE, REMINDER_TEMPLATES } from '@crm/domain';
import type { Db, Tx } from '@crm/db';
import { failedPrecondition, type FieldFault, DEFAULT_ORGANISATION, organisationOrDefault } from '@crm/kit';
import { BaseRelance, CanalRelance } from '@crm/proto/relance/relance';
import type { Level } from './due-at.ts';

/**
 * The built-in level, if neither the organisation nor "default" has rules: J+15, on working days from 9:00 to
 * 19:00.
 */
export const DEFAULT_LEVEL: Level = {
  niveau: 1,
  base: BaseRelance.DATE_FACTURE,
  delai: 'P15D',
  canal: CanalRelance.COURRIEL,
  modele: REMINDER_TEMPLATES[0],
  ouverture: '09:00',
  fermeture: '19:00',
  tousLesJours: false,
  espacement: 'PT24H',
  malgrePrelevement: false,
  montantMinimum: 0,
};

/** The template of a level: a letter is a formal notice, a call has none. */
export function templateOf({ canal, modele }: Pick<Level, 'canal' | 'modele'>): string {
  if (canal === CanalRelance.LETTRE) return FORMAL_NOTICE;
  return canal === CanalRelance.APPEL ? '' : modele || DEFAULT_LEVEL.modele;
}

/**
 * What is wrong with a level, beyond its single fields.
 * @param level with the template that was given. Empty: none
 */
export function levelFaults({ ouverture, fermeture, canal, modele }: Judged): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!isAfter(fermeture, ouverture)) {
    const description = `must be after ouverture (${ouverture}), or 00:00 for midnight`;
    faults.push({ field: 'fermeture', description });
  }
  if (canal === CanalRelance.APPEL && modele)
    faults.push({ field: 'modele', description: 'must be left out: a call is not a mail' });
  if (canal === CanalRelance.LETTRE && modele && modele !== FORMAL_NOTICE) {
    const description = `must be left out: a letter is always a formal notice (${FORMAL_NOTICE})`;
    faults.push({ field: 'modele', description });
  }
  return faults;
}

export type Judged = Pick<Level, 'ouverture' | 'fermeture' | 'canal' | 'modele'>;

/** Whether the hours leave any time; 00:00 is the end of the day. */
const isAfter = (fermeture: string, ouverture: string): boolean =>
  fermeture === '00:00' || fermeture > ouverture;

/**
 * The levels in force for an organisation, in order, at least one: its own active rules, or else those of
 * "default", or else J+15.
 */
export async function levelsFor(db: Tx | Db, organisationId: string): Promise<Level[]> {
  for (const whose of new Set([organisationOrDefault(organisationId), DEFAULT_ORGANISATION])) {
    const rows = await db.regleRelance.findMany({ where: { organisationId: whose, actif: true } });
    if (rows.length > 0) return inForce(rows).map(toLevel);
  }
  return [DEFAULT_LEVEL];
}

/** Selects, for each level, the active row with the highest priority; in order of levels. */
export function inForce<Row extends { niveau: number; priorite: number; actif: boolean }>(
  rows: Row[],
): Row[] {
  const byPriority = rows.filter(({ actif }) => actif).sort((a, b) => a.priorite - b.priorite);
  const levels = [...new Map(byPriority.map((row) => [row.niveau, row])).values()];
  return levels.sort((a, b) => a.niveau - b.niveau);
}

/** The rule of a row. */
const toLevel = (row: Omit<Level, 'base' | 'canal'> & { base: string; canal: string }): Level => ({
  ...{ niveau: row.niveau, base: row.base as BaseRelance, delai: row.delai, modele: row.modele },
  canal: row.canal as CanalRelance,
  ...{ ouverture: row.ouverture, fermeture: row.fermeture },
  ...{ tousLesJours: row.tousLesJours, espacement: row.espacement },
  malgrePrelevement: row.malgrePrelevement,
  montantMinimum: row.montantMinimum,
});

/** The target of a migration: all levels in force, or a single one. */
export type TargetRules = { levels: Level[]; isSingle: boolean };

/**
 * The rules to move running reminders of an organisation to.
 * @param regleId one rule, of the organisation or of "default"; empty: all in force
 * @throws {RpcError} FAILED_PRECONDITION REGLE_INCONNUE, REGLE_INACTIVE
 */
export async function targetRules(
  db: Tx | Db,
  organisationId: string,
  regleId: string,
): Promise<TargetRules> {
  if (!regleId) return { levels: await levelsFor(db, organisationId), isSingle: false };
  const row = await db.regleRelance.findUnique({ where: { id: regleId } });
  if (!row || ![organisationId, DEFAULT_ORGANISATION].includes(row.organisationId)) {
    throw failedPrecondition('REGLE_INCONNUE', `rule ${regleId} is none of organisation ${organisationId}`);
  }
  if (!row.actif) throw failedPrecondition('REGLE_INACTIVE', `rule ${regleId} is not active`);
  return { levels: [toLevel(row)], isSingle: true };
}
