import type { Tx } from '@crm/db';

/**
 * Takes the next number of an organisation and year: `C-2026-0042`, beyond 9999 with more digits. Transactions that
 * take one of the same organisation and year wait for each other; one that is rolled back gives its number back.
 */
export async function nextReference(tx: Tx, organisationId: string, annee: number): Promise<string> {
  const { dernier } = await tx.contratNumero.upsert({
    where: { organisationId_annee: { organisationId, annee } },
    create: { organisationId, annee, dernier: 1 },
    update: { dernier: { increment: 1 } },
  });
  return `C-${annee}-${String(dernier).padStart(4, '0')}`;
}
