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
