import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/**
 * Calls, notes and tasks. None of it is about an invoice, except the tasks that were made for reminders, which relance tells
 * of. What was recorded for an answer is left out: email has the answer.
 */
export const activiteLines = (db: Db): Table[] => [
  {
    name: 'activite',
    genre: GenreLigne.ACTIVITE,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.activite.findMany({
        where: { clientId, AND: [after('dateActivite'), notFor('reponse/')] },
        ...first('dateActivite'),
      });
      return rows.map(({ id, organisationId, dateActivite: instant, resume: texte, type: code, ...row }) => ({
        ...{ id, organisationId, instant, texte, code, auteur: row.utilisateurId, objetId: id },
      }));
    },
  },
  {
    name: 'tache',
    genre: GenreLigne.TACHE,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.tache.findMany({
        where: { clientId, AND: [after('createdAt'), notFor('relance/')] },
        ...first('createdAt'),
      });
      return rows.map(({ id, organisationId, createdAt: instant, titre, description: texte }) => ({
        ...{ id, organisationId, instant, titre, texte, code: 'CREATION', objetId: id },
      }));
    },
  },
  {
    name: 'changement',
    genre: GenreLigne.TACHE,
    async read({ clientId, invoiceId }, { after, first }) {
      if (invoiceId) return [];
      const rows = await db.changementTache.findMany({
        where: { clientId, ...after('createdAt') },
        ...first('createdAt'),
      });
      const taches = await db.tache.findMany({
        where: { id: { in: rows.map(({ tacheId }) => tacheId) } },
        select: { id: true, titre: true },
      });
      const titles = new Map(taches.map(({ id, titre }) => [id, titre]));
      return rows.map(({ id, createdAt: instant, champ: code, note: motif, auteur, ...row }) => ({
        ...{ id, instant, code, motif, auteur, avant: row.avant, apres: row.apres },
        ...{ objetId: row.tacheId, titre: titles.get(row.tacheId) ?? '' },
      }));
    },
  },
];

/** Not recorded for something of this kind; most rows are recorded for nothing in particular. */
const notFor = (origine: string) => ({
  OR: [{ origine: null }, { NOT: { origine: { startsWith: origine } } }],
});
