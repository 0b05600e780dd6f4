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

/**
 * A row of factures.factures. Its `statut` does not know about payments: a paid invoice is still EMISE here.
 */
export type Row = Awaited<ReturnType<Db['facture']['findUniqueOrThrow']>>;

/** @throws {RpcError} NOT_FOUND */
export async function readRow(tx: Tx | Db, id: string): Promise<Row> {
  const row = await tx.facture.findUnique({ where: { id } });
  if (!row) throw notFound('invoice', id);
  return row;
}

/** Reads a row and locks it until the transaction ends. @throws {RpcError} NOT_FOUND */
export async function lockRow(tx: Tx, id: string): Promise<Row> {
  await tx.$queryRaw`SELECT 1 FROM factures.factures WHERE id = ${id} FOR UPDATE`;
  return await readRow(tx, id);
}

/**
 * Converts a row to the message. The state follows from the row and from payments: ANNULEE if it is credited
 * in full; PAYEE if it was marked as paid or nothing is left to pay.
 * @param paid its confirmed payments in Suivi, in cents
 */
export function toInvoice(row: Row, paid: bigint): Invoice {
  const montantRecu = row.montantRegleAvant + paid;
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
    importeeAt: row.importeeAt ?? undefined,
    montantRecu,
    restantDu,
    statut: row.statut === StatutFacture.ANNULEE ? StatutFacture.ANNULEE : settled,
  });
}
