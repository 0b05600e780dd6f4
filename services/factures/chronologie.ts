import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/** Invoices as they were issued and marked as paid, and credit notes. */
export const factureLines = (db: Db): Table[] => [
  {
    name: 'facture',
    genre: GenreLigne.FACTURE,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.facture.findMany({
        where: { clientId, ...(invoiceId && { id: invoiceId }), ...after('createdAt') },
        ...first('createdAt'),
        select: OF_INVOICES,
      });
      return rows.map((row) => ({
        ...common(row),
        ...{ instant: row.createdAt, code: 'EMISE', jour: row.dateEcheance },
      }));
    },
  },
  {
    name: 'payee',
    genre: GenreLigne.FACTURE,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.facture.findMany({
        where: { clientId, ...(invoiceId && { id: invoiceId }), ...after('payeeAt') },
        ...first('payeeAt'),
        select: { ...OF_INVOICES, payeeAt: true, payeePar: true, datePaiement: true, motifPaiement: true },
      });
      return rows.map((row) => ({
        ...common(row),
        ...{ instant: row.payeeAt!, code: 'PAYEE', jour: row.datePaiement },
        ...{ motif: row.motifPaiement, auteur: row.payeePar },
      }));
    },
  },
  {
    name: 'avoir',
    genre: GenreLigne.AVOIR,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.avoir.findMany({
        where: { clientId, ...(invoiceId && { invoiceId }), ...after('createdAt') },
        ...first('createdAt'),
      });
      return rows.map(
        ({ id, createdAt: instant, organisationId, numero: titre, montant, motif, ...row }) => ({
          ...{ id, instant, organisationId, titre, montant, motif, objetId: id, jour: row.dateAvoir },
          factures: [{ id: row.invoiceId, numero: row.invoiceNumero }],
        }),
      );
    },
  },
];

const OF_INVOICES = {
  ...{ id: true, organisationId: true, numero: true, objet: true, montant: true },
  ...{ createdAt: true, dateEcheance: true },
} as const;

type Issued = { id: string; organisationId: string; numero: string; objet: string; montant: bigint };

const common = ({ id, organisationId, numero, objet: texte, montant }: Issued) => ({
  ...{ id, organisationId, texte, montant, objetId: id, titre: numero, factures: [{ id, numero }] },
});
