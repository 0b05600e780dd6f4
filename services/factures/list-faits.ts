import type { Db } from '@crm/db';
import { changedRows, type Methods } from '@crm/kit';
import { StatutFacture } from '@crm/proto/factures/factures';
import type { FaitServiceService } from '@crm/proto/factures/faits';
import { partiesOfRow } from './parties.ts';

/** What other services count of invoices. A credit note changes the row of its invoice, and so comes with it. */
export const listFaits = (db: Db): Methods<typeof FaitServiceService> => ({
  async listFaits(request) {
    const { ids, ...where } = await changedRows(db, 'factures.factures', request);
    const [rows, avoirs] = await Promise.all([
      db.facture.findMany({ where: { id: { in: ids } }, omit: { lignes: true, tva: true } }),
      db.avoir.findMany({
        where: { invoiceId: { in: ids } },
        select: { id: true, invoiceId: true, montant: true, dateAvoir: true },
      }),
    ]);
    const faits = rows.map((row) => {
      const { emetteur } = partiesOfRow(row);
      const isPaid = row.statut === String(StatutFacture.PAYEE);
      return {
        invoiceId: row.id,
        organisationId: row.organisationId,
        clientId: row.clientId,
        numero: row.numero,
        montant: row.montant,
        dateFacture: row.dateFacture,
        dateEcheance: row.dateEcheance,
        montantRegleAvant: row.montantRegleAvant,
        payeeLe: isPaid ? row.datePaiement : '',
        societeId: emetteur?.societeId ?? '',
        societe: emetteur?.raisonSociale ?? '',
        avoirs: avoirs.filter(({ invoiceId }) => invoiceId === row.id),
      };
    });
    return { faits, ...where };
  },
});
