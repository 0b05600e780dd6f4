import type { Db } from '@crm/db';
import { formatDate, formatEuros, inParis } from '@crm/domain';
import { type Connected } from '@crm/kit';
import {
  TypeAlerte,
  type Alerte,
  type GetAlertesRequest,
  type GetAlertesResponse,
} from '@crm/proto/dashboard/dashboard';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import type { Temporal } from 'temporal-polyfill';
import { baisseEncaissements } from './baisse-encaissements.ts';

/**
 * Lists alerts. The factures service knows which invoices are overdue and what is left of them; it is called
 * with the caller's own token, and its pages are the pages of this list.
 */
export const getAlertes =
  (db: Db, factures: Connected<typeof InvoiceServiceService>) =>
  async ({ organisationId, pageSize, pageToken }: GetAlertesRequest): Promise<GetAlertesResponse> => {
    const today = inParis(new Date()).toPlainDate();
    const [baisse, { invoices, nextPageToken }] = await Promise.all([
      pageToken ? undefined : baisseOf(db, organisationId, today),
      factures.list({ organisationId, echuesAvant: today.toString(), pageSize, pageToken }),
    ]);
    return { alertes: [...(baisse ? [baisse] : []), ...invoices.map(echue)], nextPageToken };
  };

const echue = ({ id, organisationId, numero, restantDu, dateEcheance }: Invoice): Alerte => ({
  type: TypeAlerte.FACTURE_ECHUE,
  organisationId,
  message: `La facture ${numero} est échue depuis le ${formatDate(dateEcheance)} : il reste ${formatEuros(restantDu)} à payer.`,
  reference: id,
  montant: restantDu,
  depuis: dateEcheance,
});

async function baisseOf(db: Db, organisationId: string, today: Temporal.PlainDate) {
  const debut = today.with({ day: 1 }).subtract({ months: 1 });
  const received = async (from: Temporal.PlainDate): Promise<bigint> => {
    const jour = { gte: new Date(from.toString()), lt: new Date(from.add({ months: 1 }).toString()) };
    const where = { ...(organisationId && { organisationId }), jour };
    return (await db.encaissement.aggregate({ where, _sum: { montant: true } }))._sum.montant ?? 0n;
  };
  const [encaissements, precedent] = await Promise.all([
    received(debut),
    received(debut.subtract({ months: 1 })),
  ]);
  return baisseEncaissements(organisationId, { debut, encaissements, precedent });
}
