import type { Db, Tx } from '@crm/db';
import { notFound } from '@crm/kit';
import {
  AdressePostale,
  type CategorieOperation,
  Invoice,
  LigneFacture,
  StatutFacture,
  TotalTva,
} from '@crm/proto/factures/factures';
import { partiesOfRow } from './parties.ts';

/** A row of factures.factures. Its `statut` is what is known here: paid by payments, it still says EMISE. */
export type Row = Awaited<ReturnType<Db['facture']['findUniqueOrThrow']>>;

/** @throws {RpcError} NOT_FOUND */
export async function readRow(tx: Tx | Db, id: string): Promise<Row> {
  const row = await tx.facture.findUnique({ where: { id } });
  if (!row) throw notFound('invoice', id);
  return row;
}

/** The same, locked until the transaction ends. */
export async function lockRow(tx: Tx, id: string): Promise<Row> {
  await tx.$queryRaw`SELECT 1 FROM factures.factures WHERE id = ${id} FOR UPDATE`;
  return await readRow(tx, id);
}

/**
 * An invoice as it is told. Where it stands follows from the row and from payments: credited in full,
 * ANNULEE; marked as paid, or nothing remains, PAYEE.
 * @param montantRecu confirmed payments of it, cents
 */
export function toInvoice(row: Row, montantRecu: bigint): Invoice {
  const solde = row.montant - row.montantAvoirs - montantRecu;
  const restantDu = row.statut === StatutFacture.PAYEE || solde < 0n ? 0n : solde;
  const settled = restantDu === 0n ? StatutFacture.PAYEE : StatutFacture.EMISE;
  return Invoice.fromPartial({
    ...row,
    lignes: (row.lignes as unknown[]).map((ligne) => LigneFacture.fromJSON(ligne)),
    tva: (row.tva as unknown[]).map((total) => TotalTva.fromJSON(total)),
    adresseLivraison: row.adresseLivraison ? AdressePostale.fromJSON(row.adresseLivraison) : undefined,
    ...partiesOfRow(row),
    categorieOperation: row.categorieOperation as CategorieOperation,
    montantRecu,
    restantDu,
    statut: row.statut === StatutFacture.ANNULEE ? StatutFacture.ANNULEE : settled,
  });
}
