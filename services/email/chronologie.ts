import type { Db } from '@crm/db';
import type { Table } from '@crm/domain';
import { StatutEmail } from '@crm/proto/email/email';
import { GenreLigne } from '@crm/proto/chronologie/chronologie';

/** Mails, those that came back, and answers. */
export const emailLines = (db: Db): Table[] => [
  {
    name: 'mail',
    genre: GenreLigne.COURRIEL,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.email.findMany({
        where: { clientId, AND: [after('createdAt'), about(invoiceId)] },
        ...first('createdAt'),
        select: { ...OF_MAILS, destinataire: true, erreur: true, avoirId: true },
      });
      return rows.map(({ id, createdAt: instant, sujet: titre, statut: code, ...row }) => ({
        ...{ id, instant, titre, code, organisationId: row.organisationId, objetId: id },
        ...{ texte: row.destinataire, factures: invoicesOf(row) },
        // of one that came back the line of that says why, and other failures are ours and pass
        motif: code === String(StatutEmail.REFUSE) ? row.erreur : '',
      }));
    },
  },
  {
    name: 'retour',
    genre: GenreLigne.RETOUR_COURRIEL,
    async read({ clientId, invoiceId }, { after, first }) {
      const rows = await db.email.findMany({
        where: { clientId, AND: [after('bounceAt'), about(invoiceId)] },
        ...first('bounceAt'),
        select: { ...OF_MAILS, bounceAt: true, erreur: true, codeRefus: true },
      });
      return rows.map(({ id, bounceAt, sujet: titre, erreur: texte, codeRefus: code, ...row }) => ({
        ...{ id, instant: bounceAt!, titre, texte, code, organisationId: row.organisationId, objetId: id },
        factures: invoicesOf(row),
      }));
    },
  },
  {
    name: 'reponse',
    genre: GenreLigne.REPONSE_RECUE,
    async read({ clientId, invoiceId }, { after, first }) {
      // an answer is about what its mail is about
      const ofInvoice = invoiceId
        ? await db.email.findMany({ where: { clientId, ...about(invoiceId) }, select: { id: true } })
        : undefined;
      const rows = await db.reponse.findMany({
        where: {
          ...{ clientId, AND: [after('recueAt')] },
          ...(ofInvoice && { emailId: { in: ofInvoice.map(({ id }) => id) } }),
        },
        ...first('recueAt'),
      });
      const answered = await db.email.findMany({
        where: { id: { in: rows.map(({ emailId }) => emailId) } },
        select: OF_MAILS,
      });
      return rows.map(({ id, recueAt: instant, sujet: titre, texte, genre: code, ...row }) => {
        const email = answered.find((one) => one.id === row.emailId);
        return {
          ...{ id, instant, titre, texte, code, organisationId: row.organisationId, objetId: row.emailId },
          ...{ motif: row.raison, factures: email ? invoicesOf(email) : [] },
        };
      });
    },
  },
];

const OF_MAILS = {
  ...{ id: true, organisationId: true, createdAt: true, sujet: true, statut: true },
  ...{ factureId: true, factures: true },
} as const;

const about = (invoiceId: string) =>
  invoiceId ? { OR: [{ factureId: invoiceId }, { factures: { has: invoiceId } }] } : {};

const invoicesOf = ({ factureId, factures }: { factureId: string; factures: string[] }) =>
  [...new Set([factureId, ...factures])].filter(Boolean).map((id) => ({ id, numero: '' }));
