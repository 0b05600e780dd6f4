import type { Db } from '@crm/db';
import { formatDate } from '@crm/domain';
import { ActionRelance } from '@crm/proto/relance/relance';

/**
 * Who asked for levels to be sent now, in words, by invoice: "envoi demandé par marie le 3 mars 2026: accord". The last
 * one of each.
 */
export async function askedFor(db: Db, invoiceIds: string[]): Promise<Map<string, string>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await db.historiqueRelance.findMany({
    where: { invoiceId: { in: invoiceIds }, action: ActionRelance.ENVOI_DEMANDE },
    orderBy: { id: 'asc' },
    select: { invoiceId: true, auteur: true, motif: true, createdAt: true },
  });
  return new Map(
    rows.map(({ invoiceId, auteur, motif, createdAt }) => [
      invoiceId,
      `envoi demandé par ${auteur} le ${formatDate(createdAt)}${motif && `: ${motif}`}`,
    ]),
  );
}
