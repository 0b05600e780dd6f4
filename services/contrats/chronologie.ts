import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/** Contracts that were signed and ended. None of it is about an invoice. */
export const contratLines = (db: Db): Table[] => [
  {
    name: 'signature',
    genre: GenreLigne.CONTRAT,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.contrat.findMany({
        where: { clientId, ...after('signeAt') },
        ...first('signeAt'),
      });
      return rows.map((row) => ({
        ...common(row),
        ...{ instant: row.signeAt!, code: 'SIGNE', jour: row.dateSignature },
      }));
    },
  },
  {
    name: 'resiliation',
    genre: GenreLigne.CONTRAT,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.contrat.findMany({
        where: { clientId, ...after('resilieAt') },
        ...first('resilieAt'),
      });
      return rows.map((row) => ({
        ...common(row),
        ...{
          instant: row.resilieAt!,
          code: 'RESILIE',
          jour: row.dateResiliation,
          motif: row.motifResiliation,
        },
      }));
    },
  },
];

type Contract = { id: string; organisationId: string; reference: string; montantTotal: bigint };

const common = ({ id, organisationId, reference: titre, montantTotal: montant }: Contract) => ({
  ...{ id, organisationId, titre, montant, objetId: id },
});
