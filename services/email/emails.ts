import type { Db } from '@crm/db';
import { entity, type Entity, type Methods } from '@crm/kit';
import { Email, type EmailServiceService } from '@crm/proto/email/email';

/** E-mails as rows; what they say (html, texte) is in the row and not in the message. */
export const emailEntity = (db: Db): Entity<Email, 'emails'> =>
  entity(db, { model: 'email', plural: 'emails', message: Email });

/**
 * Reads e-mails.
 * @param settle makes an attempt that has died show as what it is, before rows are read
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
