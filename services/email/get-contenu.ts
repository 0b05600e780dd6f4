import type { Db } from '@crm/db';
import { notFound, type Methods } from '@crm/kit';
import type { EmailServiceService } from '@crm/proto/email/email';
import { attachedPdf, type Invoices } from './attached-pdf.ts';
import { emailEntity } from './emails.ts';

/** The bytes of one message of the stream. */
const CHUNK_BYTES = 64 * 1024;

/** What an e-mail says, and the PDF that is attached to it. */
export function getContenu(
  db: Db,
  invoices: Invoices,
): Pick<Methods<typeof EmailServiceService>, 'getContenu' | 'downloadPdf'> {
  const email = emailEntity(db);
  const rowOf = async (id: string) => {
    const row = await db.email.findUnique({ where: { id } });
    if (!row) throw notFound('email', id);
    return row;
  };
  return {
    async getContenu({ id }) {
      const { html, texte, ...row } = await rowOf(id);
      return { email: email.toMessage(row), html, texte };
    },
    async *downloadPdf({ id }) {
      const { content } = await attachedPdf(invoices, await rowOf(id));
      for (let from = 0; from < content.length; from += CHUNK_BYTES)
        yield { contenu: content.subarray(from, from + CHUNK_BYTES) };
    },
  };
}
