import type { Tx } from '@crm/db';

/**
 * Takes the next number of an organisation and year: `C-2026-0042`, with more digits after 9999. Concurrent
 * transactions of the same organisation and year wait for each other; a rollback gives the number back.
 */
export async function nextReference(tx: Tx, organisationId: string, annee: number): Promise<string> {
  const [row] = await tx.$queryRaw<{ dernier: number }[]>`
    INSERT INTO contrats.numeros AS n (organisation_id, annee, dernier) VALUES (${organisationId}, ${annee}, 1)
    ON CONFLICT (organisation_id, annee) DO UPDATE SET dernier = n.dernier + 1
    RETURNING dernier`;
  return `C-${annee}-${String(row!.dernier).padStart(4, '0')}`;
}

/**
 * Moves the counter to the last number before the first free one: callers may have given contracts references of this
 * form, thousands in a row. Used after a reference was found to be taken.
 */
export async function skipTakenReferences(tx: Tx, organisationId: string, annee: number): Promise<void> {
  await tx.$executeRaw`
    WITH taken AS (
      SELECT substring(reference FROM 8)::bigint AS numero FROM contrats.contrats
      WHERE organisation_id = ${organisationId} AND reference LIKE ${`C-${annee}-%`}
        AND reference ~ '^C-[0-9]{4}-([0-9]{4}|[1-9][0-9]{4,8})$'
    ), candidates AS (
      SELECT dernier + 1::bigint AS numero FROM contrats.numeros
      WHERE organisation_id = ${organisationId} AND annee = ${annee}
      UNION ALL SELECT numero + 1 FROM taken
    )
    UPDATE contrats.numeros SET dernier = (
      SELECT min(numero) - 1 FROM candidates WHERE numero > dernier AND numero NOT IN (SELECT numero FROM taken)
    ) WHERE organisation_id = ${organisationId} AND annee = ${annee}`;
}
