import type { Db } from '@crm/db';
import { changedRows, type Methods } from '@crm/kit';
import type { FaitMouvement, FaitServiceService } from '@crm/proto/payments/faits';
import { StatutPaiement } from '@crm/proto/payments/payments';

/** A change of a payment's state. */
type Mouvement = { statut: string; tentative: number; montant: bigint; motif: string; jour: string };

/** The states that say something about money. */
const RESULTS: string[] = [StatutPaiement.ENCAISSE, StatutPaiement.REJETE];

/** What other services count of payments: each as it is now, with every movement of its money. */
export const listFaits = (db: Db): Methods<typeof FaitServiceService> => ({
  async listFaits(request) {
    const { ids, ...where } = await changedRows(db, 'payments.payments', request);
    // the movements after the rows: those of a later change come again with their row
    const rows = await db.payment.findMany({ where: { id: { in: ids } } });
    const all = await db.mouvementPaiement.findMany({
      where: { paymentId: { in: ids }, statut: { in: RESULTS } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const faits = rows.map((row) => ({
      paymentId: row.id,
      organisationId: row.organisationId,
      clientId: row.clientId,
      invoiceId: row.invoiceId,
      montant: row.montant,
      statut: row.statut,
      datePrevue: row.datePrevue,
      tentative: row.tentative,
      prelevement: row.mandatId !== '',
      mouvements: movementsOf(all.filter(({ paymentId }) => paymentId === row.id)),
    }));
    return { faits, ...where };
  },
});

/**
 * The money of a payment, oldest first: it is worth its amount while it is collected, and nothing otherwise. A movement
 * that is dated before an earlier one, such as a collection whose return the bank cancels, counts from the earlier one's day.
 */
export function movementsOf(mouvements: Mouvement[]): FaitMouvement[] {
  let [worth, day] = [0n, ''];
  return mouvements.map(({ statut, tentative, montant, motif, jour }, index) => {
    const encaissement = statut === String(StatutPaiement.ENCAISSE);
    const before = worth;
    worth = encaissement ? montant : 0n;
    day = jour > day ? jour : day;
    const sequence = index + 1;
    return { sequence, tentative, encaissement, montant: worth - before, jour: day, motifRejet: motif };
  });
}
