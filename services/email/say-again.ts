import type { Tx } from '@crm/db';
import { StatutEmail } from '@crm/proto/email/email';

/** For what an e-mail is sent, to whom it goes and what it says. */
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
};

/** The same, and whom it comes from. */
type Says = Intent & { expediteurNom: string; expediteurAdresse: string; replyTo: string };

type Row = Says & { id: string; statut: string };

/** It did not reach whom it was for, and will not by itself. */
const IN_VAIN: string[] = [StatutEmail.REFUSE, StatutEmail.BOUNCE];

/**
 * Looks for the e-mail that was recorded for the same `envoi`, until the transaction ends without others. One that no
 * attempt has begun to send says from now on what this one says; what was given to the mail server, or may have been,
 * stays as it is.
 * @returns its id; undefined where there is none, or one that went out in vain and said something else, or to another
 *   address
 */
export async function sayAgain(tx: Tx, says: Says): Promise<string | undefined> {
  const last = await lastFor(tx, says);
  if (!last || (IN_VAIN.includes(last.statut) && differs(last, says))) return undefined;
  // an attempt that takes it at the same time sends what it said before
  await tx.email.updateMany({ where: { id: last.id, statut: StatutEmail.A_ENVOYER }, data: says });
  return last.id;
}

/** The last e-mail that was recorded for the same, if any; until the transaction ends there will be no other. */
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
  Object.entries(says).some(([field, value]) => last[field as keyof Says] !== value);
