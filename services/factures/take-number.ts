import type { Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';

/** The kinds of documents with numbers: `F` for invoices, `A` for credit notes. */
export type Genre = 'F' | 'A';

/**
 * Takes the next number of an organisation and the year of a date: `F-2026-0042`. The row of the sequence is
 * locked until the transaction ends, and rolled back with it, so numbers have no gaps and no duplicates (CGI,
 * annexe II, art. 242 nonies A, I, 7°). Others wait meanwhile, so take it last, just before inserting the
 * document.
 * @param date `YYYY-MM-DD`
 * @throws {RpcError} FAILED_PRECONDITION NUMEROTATION: numbers of that year were imported, so another software has issued
 *   that year's invoices
 */
export async function takeNumber(
  tx: Tx,
  organisationId: string,
  genre: Genre,
  date: string,
): Promise<string> {
  const annee = Number(date.slice(0, 4));
  const [taken] = await tx.$queryRaw<{ dernier: number }[]>`
    INSERT INTO factures.numeros AS numero (organisation_id, genre, annee, dernier)
    VALUES (${organisationId}, ${genre}, ${annee}, 1)
    ON CONFLICT (organisation_id, genre, annee) DO UPDATE SET dernier = numero.dernier + 1
    RETURNING dernier`;
  if (taken!.dernier === 1) await assertOwnYear(tx, organisationId, `${genre}-${annee}-`);
  return `${genre}-${annee}-${String(taken!.dernier).padStart(4, '0')}`;
}

/** The year of a number of the form that Suivi gives to invoices; undefined: another form. */
export function ownNumber(numero: string): { annee: number } | undefined {
  const [, annee] = /^F-(\d{4})-\d{4,}$/i.exec(numero) ?? [];
  return annee ? { annee: Number(annee) } : undefined;
}

async function assertOwnYear(tx: Tx, organisationId: string, begins: string): Promise<void> {
  const imported = await tx.facture.findFirst({ where: { organisationId, numero: { startsWith: begins } } });
  if (imported)
    throw failedPrecondition(
      'NUMEROTATION',
      `another software has issued the invoices ${begins}…, which were imported (${imported.numero}): date this one later`,
    );
}
