import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/** When a client was created, and what people decided about it since. None of it is about an invoice. */
export const clientLines = (db: Db): Table[] => [
  {
    name: 'client',
    genre: GenreLigne.CLIENT,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.client.findMany({
        where: { id: clientId, ...after('createdAt') },
        ...first('createdAt'),
        select: { id: true, organisationId: true, createdAt: true },
      });
      return rows.map(({ createdAt: instant, ...row }) => ({ ...row, instant, code: 'CREATION' }));
    },
  },
  {
    name: 'fiche',
    genre: GenreLigne.CLIENT,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.decisionClient.findMany({
        where: { clientId, ...after('createdAt') },
        ...first('createdAt'),
      });
      return rows.map(({ id, createdAt: instant, champ: code, avant, apres, motif, auteur }) => ({
        ...{ id, instant, code, avant, apres, motif, auteur },
      }));
    },
  },
];
