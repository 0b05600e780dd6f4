import type { Db } from '@crm/db';
import { entity, type Entity, type Methods } from '@crm/kit';
import { Email, type EmailServiceService } from '@crm/proto/email/email';

/** E-mails as rows. The content (html, texte) is in the row but not in the message. */
export const emailEntity = (db: Db): Entity<Email, 'emails'> =>
  entity(db, { model: 'email', plural: 'emails', message: Email });

/**
 * Reads e-mails.
 * @param settle marks attempts that have died, before rows are read
 */
export function emails(
  db: Db,
  settle: () => Promise<unknown>,
): Pick<Methods<typeof EmailServiceService>, 'getEmail' | 'getEmails'> {
  const email = emailEntity(db);
  return {
    async getEmail(request) {
      await settle();
      return await email.get(request);
    },
    async getEmails(request) {
      await settle();
      return await email.list(request);
    },
  };
}
