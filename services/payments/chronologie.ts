import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';
import { StatutPaiement } from '@crm/proto/payments/payments';

/** Payments as they were planned, and what happened to them: `mouvements.ts`. */
export const paymentLines = (db: Db): Table[] => [
  {
    name: 'paiement',
    genre: GenreLigne.PRELEVEMENT,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.payment.findMany({
        where: { clientId, ...(invoiceId && { invoiceId }), ...after('createdAt') },
        ...first('createdAt'),
      });
      return rows.map(({ id, createdAt: instant, organisationId, montant, ...row }) => ({
        ...{ id, instant, organisationId, montant, objetId: id, factures: invoiceOf(row) },
        ...{ code: StatutPaiement.PLANIFIE, numero: 1 },
        // the row has the day of its current attempt
        jour: row.tentative === 1 ? row.datePrevue : '',
      }));
    },
  },
  {
    name: 'mouvement',
    genre: GenreLigne.PRELEVEMENT,
    read: (request, rows) => moved(db, request, rows, { not: StatutPaiement.REJETE }),
  },
  {
    name: 'rejet',
    genre: GenreLigne.REJET,
    read: (request, rows) => moved(db, request, rows, { equals: StatutPaiement.REJETE }),
  },
];

type Read = Parameters<Table['read']>;

async function moved(
  db: Db,
  { clientId, invoiceId }: Read[0],
  { after, first }: Read[1],
  statut: { not: string } | { equals: string },
) {
  const rows = await db.mouvementPaiement.findMany({
    where: { clientId, statut, ...(invoiceId && { invoiceId }), ...after('createdAt') },
    ...first('createdAt'),
  });
  return rows.map(({ id, createdAt: instant, organisationId, montant, jour, motif, ...row }) => ({
    ...{ id, instant, organisationId, montant, jour, objetId: row.paymentId, factures: invoiceOf(row) },
    ...{ numero: row.tentative, code: row.statut === String(StatutPaiement.REJETE) ? motif : row.statut },
  }));
}

const invoiceOf = ({ invoiceId: id }: { invoiceId: string }) => (id ? [{ id, numero: '' }] : []);
