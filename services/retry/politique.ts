import type { Db } from '@crm/db';
import { failedPrecondition, invalid, DEFAULT_ORGANISATION } from '@crm/kit';
import type { Politique } from '@crm/proto/retry/retry';

/** A policy with all fields. */
export type FullPolitique = Required<Omit<Politique, '$type'>>;

/** The built-in policy, if neither the organisation nor "default" has one. */
export const DEFAULT_POLITIQUE: FullPolitique = {
  delaisJours: [5, 10, 20],
  maxTentatives: 3,
  maxJoursTotal: 30,
  heureLimite: '10:00',
  codesSupplementaires: [],
};

/**
 * A policy with defaults for omitted fields.
 * @param field the request field, for errors
 * @throws {RpcError} INVALID_ARGUMENT if the delays are not ascending
 */
export function fullPolitique(given: Partial<Politique> | undefined, field: string): FullPolitique {
  const delaisJours = given?.delaisJours?.length ? given.delaisJours : DEFAULT_POLITIQUE.delaisJours;
  if (delaisJours.some((days, i) => i > 0 && days <= delaisJours[i - 1]!)) {
    throw invalid(`${field}.delaisJours`, 'must ascend');
  }
  return {
    delaisJours,
    maxTentatives: given?.maxTentatives || DEFAULT_POLITIQUE.maxTentatives,
    maxJoursTotal: given?.maxJoursTotal || DEFAULT_POLITIQUE.maxJoursTotal,
    heureLimite: given?.heureLimite || DEFAULT_POLITIQUE.heureLimite,
    codesSupplementaires: given?.codesSupplementaires ?? [],
  };
}

/**
 * The policy in force for an organisation: its active one with the highest priority (the newest of equals),
 * or else that of "default".
 */
export async function politiqueInForce(db: Db, organisationId: string): Promise<FullPolitique> {
  for (const whose of new Set([organisationId, DEFAULT_ORGANISATION])) {
    const row = inForce(await db.retryPolicy.findMany({ where: { organisationId: whose, actif: true } }));
    if (row) return readPolitique(row.politique);
  }
  return DEFAULT_POLITIQUE;
}

/**
 * The policy to move running retries of an organisation to.
 * @param policyId one of the organisation's or of "default"; empty: the one in force
 * @throws {RpcError} FAILED_PRECONDITION POLITIQUE_INCONNUE, POLITIQUE_INACTIVE
 */
export async function targetPolitique(
  db: Db,
  organisationId: string,
  policyId: string,
): Promise<FullPolitique> {
  if (!policyId) return await politiqueInForce(db, organisationId);
  const row = await db.retryPolicy.findUnique({ where: { id: policyId } });
  if (!row || ![organisationId, DEFAULT_ORGANISATION].includes(row.organisationId)) {
    throw failedPrecondition(
      'POLITIQUE_INCONNUE',
      `policy ${policyId} is none of organisation ${organisationId}`,
    );
  }
  if (!row.actif) throw failedPrecondition('POLITIQUE_INACTIVE', `policy ${policyId} is not active`);
  return readPolitique(row.politique);
}

/** Selects the active policy with the highest priority, the newest of equals. */
export const inForce = <Row extends { id: string; priorite: number; actif: boolean }>(
  rows: Row[],
): Row | undefined =>
  rows
    .filter(({ actif }) => actif)
    .sort((a, b) => b.priorite - a.priorite || (a.id < b.id ? 1 : -1))
    .at(0);

/** Reads a stored policy, with defaults. */
export const readPolitique = (stored: unknown): FullPolitique => stored as FullPolitique;
