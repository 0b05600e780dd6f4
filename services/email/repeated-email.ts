import type { Tx } from '@crm/db';
import { MERGED_REMINDER, REMINDER_TEMPLATES } from '@crm/domain';
import { conflict } from '@crm/kit';
import { StatutEmail } from '@crm/proto/email/email';

/** An e-mail to send: its recipient, its content and its purpose (`envoi`). */
export type Intent = {
  organisationId: string;
  clientId: string;
  destinataire: string;
  modele: string;
  sujet: string;
  html: string;
  texte: string;
  factureId: string;
  avoirId: string;
  envoi: string;
  factures: string[];
};

/** With its sender. */
type Says = Intent & { expediteurNom: string; expediteurAdresse: string; replyTo: string };

type Row = Says & { id: string; statut: string };

/** The e-mail failed for good: another attempt of the same would fail too. */
const IN_VAIN: string[] = [StatutEmail.REFUSE, StatutEmail.BOUNCE];

/**
 * Decides whether an e-mail was recorded before, so that it is not sent twice: the same organisation and the same
 * `envoi`. If the earlier one is not sent yet, it takes the new content. If the mail server has it, or may have it, it
 * stays as it is. No other transaction can record one for this `envoi` until this transaction ends.
 * @returns the id of the earlier e-mail; undefined if a new one must be recorded: there is none, or the earlier one
 *   failed and had another content or another address
 * @throws {RpcError} ALREADY_EXISTS: the earlier one was for another client, or in words for something else
 */
export async function repeatedEmail(tx: Tx, says: Says): Promise<string | undefined> {
  const last = await lastFor(tx, says);
  if (last && last.clientId !== says.clientId) {
    throw conflict(`envoi: ${says.envoi} was used for an e-mail to client ${last.clientId}`);
  }
  if (last && last.modele !== says.modele && !(isReminder(last.modele) && isReminder(says.modele)))
    throw conflict(`envoi: ${says.envoi} was used for an e-mail of the template ${last.modele}`);
  if (!last || (IN_VAIN.includes(last.statut) && differs(last, says))) return undefined;
  // an attempt that starts at the same moment may still send the old content
  await tx.email.updateMany({ where: { id: last.id, statut: StatutEmail.A_ENVOYER }, data: says });
  return last.id;
}

/**
 * A reminder may change its template between two attempts: a mail for several invoices that shrinks to one, a level that
 * was moved to other rules.
 */
const isReminder = (modele: string): boolean => [...REMINDER_TEMPLATES, MERGED_REMINDER].includes(modele);

/** The latest e-mail for an `envoi`, or null. It locks the `envoi`: nobody else records one before the transaction ends. */
export async function lastFor(
  tx: Tx,
  { organisationId, envoi }: Pick<Says, 'organisationId' | 'envoi'>,
): Promise<Row | null> {
  if (!envoi) return null;
  const lock = `email/${organisationId}/${envoi}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
  return await tx.email.findFirst({ where: { organisationId, envoi }, orderBy: { id: 'desc' } });
}

const differs = (last: Says, says: Says): boolean =>
  Object.entries(says).some(([field, value]) => String(last[field as keyof Says]) !== String(value));
