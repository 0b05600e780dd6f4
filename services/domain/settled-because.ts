import { StatutFacture, type Invoice } from '@crm/proto/factures/factures';

/** Why nothing is left to pay of an invoice, in words. */
export const settledBecause = ({ statut }: Pick<Invoice, 'statut'>): string =>
  statut === StatutFacture.ANNULEE ? 'facture annulée par avoir' : 'facture réglée';
