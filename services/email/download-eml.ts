import type { Db } from '@crm/db';
import { notFound, type Methods } from '@crm/kit';
import type { EmailServiceService } from '@crm/proto/email/email';
import { attachedPdf, type Invoices } from './attached-pdf.ts';
import type { Mailbox } from './mail-config.ts';
import { compose } from './submit-mail.ts';

/** The bytes of one message of the stream. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Streams an e-mail exactly as each attempt gives it to the mail server.
 * @throws {RpcError} NOT_FOUND; and the errors of `attachedPdf`
 */
export const downloadEml = (
  db: Db,
  { MAIL_FROM }: { MAIL_FROM: Mailbox },
  invoices: Invoices,
): Methods<typeof EmailServiceService>['downloadEml'] =>
  async function* ({ id }) {
    const row = await db.email.findUnique({ where: { id } });
    if (!row) throw notFound('email', id);
    const { expediteurNom: name, expediteurAdresse: address, factureId, avoirId } = row;
    const content = await compose({
      from: address ? { name, address } : MAIL_FROM,
      ...{ to: row.destinataire, replyTo: row.replyTo, subject: row.sujet, messageId: row.messageId },
      ...{ text: row.texte, html: row.html, date: row.createdAt },
      ...((factureId || avoirId) && { attachments: [await attachedPdf(invoices, row)] }),
    });
    for (let from = 0; from < content.length; from += CHUNK_BYTES) {
      yield { contenu: content.subarray(from, from + CHUNK_BYTES) };
    }
  };
