import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';
import { ActionRelance } from '@crm/proto/relance/relance';

/**
 * What was done about reminders, and the holds. What the history says of a hold for each of its invoices is left out, and a
 * reminder that went out as a mail: email has the mail.
 */
export const relanceLines = (db: Db): Table[] => [
  {
    name: 'relance',
    genre: GenreLigne.RELANCE,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.historiqueRelance.findMany({
        where: {
          ...{ clientId, ...(invoiceId && { invoiceId }), ...after('createdAt') },
          NOT: [
            { action: { in: [ActionRelance.ATTENTE, ActionRelance.LEVEE] } },
            { action: ActionRelance.ENVOI, messageId: { not: '' } },
          ],
        },
        ...first('createdAt'),
      });
      return rows.map(({ id, createdAt: instant, action: code, niveau: numero, detail: texte, ...row }) => ({
        ...{ id, instant, code, numero, texte, motif: row.motif, auteur: row.auteur },
        ...{ organisationId: row.organisationId, factures: [{ id: row.invoiceId, numero: '' }] },
      }));
    },
  },
  {
    name: 'attente',
    genre: GenreLigne.ATTENTE,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.attenteRelance.findMany({
        where: { clientId, AND: [after('createdAt'), concerning(invoiceId)] },
        ...first('createdAt'),
      });
      return rows.map((row) => ({
        ...common(row),
        ...{ instant: row.createdAt, code: row.genre, motif: row.motif, auteur: row.auteur },
      }));
    },
  },
  {
    name: 'levee',
    genre: GenreLigne.FIN_ATTENTE,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.attenteRelance.findMany({
        where: { clientId, AND: [after('leveeAt'), concerning(invoiceId)] },
        ...first('leveeAt'),
      });
      return rows.map((row) => ({
        ...common(row),
        ...{ instant: row.leveeAt!, code: row.resultat, avant: row.genre },
        ...{ motif: row.leveeMotif, auteur: row.leveePar },
      }));
    },
  },
];

type Hold = Awaited<ReturnType<Db['attenteRelance']['findUniqueOrThrow']>>;

const common = ({ id, organisationId, montant, jusquAu: jour, invoiceIds }: Hold) => ({
  ...{ id, organisationId, objetId: id, montant, jour },
  factures: invoiceIds.map((invoice) => ({ id: invoice, numero: '' })),
});

/** Of an invoice: by name, or of all of its client's. */
const concerning = (invoiceId: string) =>
  invoiceId ? { OR: [{ invoiceIds: { has: invoiceId } }, { invoiceIds: { isEmpty: true } }] } : {};
