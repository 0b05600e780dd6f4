import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/** When retries were planned or refused, and what people decided about them. */
export const retryLines = (db: Db): Table[] => [
  {
    name: 'reessais',
    genre: GenreLigne.REESSAI,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.retrySchedule.findMany({
        where: { clientId, ...(invoiceId && { invoiceId }), ...after('createdAt') },
        ...first('createdAt'),
      });
      return rows.map(({ id, createdAt: instant, organisationId, montant, motifRejet: titre, ...row }) => ({
        ...{ id, instant, organisationId, montant, titre, code: 'PLANIFICATION', apres: row.eligibilite },
        ...{ objetId: row.paymentId, factures: invoiceOf(row) },
      }));
    },
  },
  {
    name: 'decision',
    genre: GenreLigne.REESSAI,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.retryAudit.findMany({
        where: { clientId, ...(invoiceId && { invoiceId }), ...after('createdAt') },
        ...first('createdAt'),
      });
      return rows.map(({ id, createdAt: instant, action: code, motif, detail: texte, auteur, ...row }) => ({
        ...{ id, instant, code, motif, texte, auteur, objetId: row.scheduleId, factures: invoiceOf(row) },
      }));
    },
  },
];

const invoiceOf = ({ invoiceId: id }: { invoiceId: string }) => (id ? [{ id, numero: '' }] : []);
