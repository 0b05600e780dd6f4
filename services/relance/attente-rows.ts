import type { Db, Tx } from '@crm/db';
import { notFound } from '@crm/kit';
import { GenreAttente } from '@crm/proto/relance/attentes';
import type { Promised } from './judge-promise.ts';

/** A hold as a row. */
export type AttenteRow = Awaited<ReturnType<Db['attenteRelance']['findUniqueOrThrow']>>;

/** @throws {RpcError} NOT_FOUND */
export async function findAttente(db: Db | Tx, id: string): Promise<AttenteRow> {
  const row = await db.attenteRelance.findUnique({ where: { id } });
  if (!row) throw notFound('attente', id);
  return row;
}

/** Whether money was promised. */
export const isPromise = ({ genre }: Pick<AttenteRow, 'genre'>): boolean =>
  genre === GenreAttente.PROMESSE || genre === GenreAttente.ECHEANCIER;

/** Whether a level that a person asks for is sent all the same. */
export const isOnApproval = ({ genre }: Pick<AttenteRow, 'genre'>): boolean =>
  genre === GenreAttente.SUR_ACCORD;

/** The promised payments, in order of their days. */
export const promisedOf = ({ echeances }: Pick<AttenteRow, 'echeances'>): Promised[] =>
  (echeances as (Omit<Promised, 'montant'> & { montant: string })[]).map((one) => ({
    ...one,
    montant: BigInt(one.montant),
  }));

/** As they are stored: JSON has no integers of 64 bits. */
export const echeancesColumn = (promised: Promised[]) =>
  promised.map((one) => ({ ...one, montant: String(one.montant) }));

/** The reminders of an invoice. */
type Reminders = { organisationId: string; clientId: string; invoiceId: string };

/** Whether a hold is of an invoice: by name, or of all of its client's. */
export const concerns = (hold: AttenteRow, { organisationId, clientId, invoiceId }: Reminders): boolean =>
  hold.organisationId === organisationId &&
  hold.clientId === clientId &&
  (hold.invoiceIds.length === 0 || hold.invoiceIds.includes(invoiceId));
