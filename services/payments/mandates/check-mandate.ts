import type { Db, Tx } from '@crm/db';
import { failedPrecondition, invalid, notFound } from '@crm/kit';
import { StatutMandat, StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { validUntil, validUntilAfter } from './valid-until.ts';

/**
 * In cents. The amount of a direct debit has at most eleven digits (EPC130-08, AT-06: 999,999,999.99 euros).
 */
const MAX_DEBIT = 99_999_999_999n;

/**
 * Checks the mandate of a planned payment, if it has one.
 * @throws NOT_FOUND: no such mandate; FAILED_PRECONDITION MANDAT_REVOQUE, MANDAT_CADUC (on the day of the
 *   debit); INVALID_ARGUMENT `mandatId`: it belongs to another client or organisation; INVALID_ARGUMENT
 *   `montant`: more than one debit may take
 */
export async function checkMandate(
  tx: Tx | Db,
  {
    organisationId,
    clientId,
    mandatId,
    montant,
    datePrevue,
  }: Pick<Payment, 'organisationId' | 'clientId' | 'mandatId' | 'montant' | 'datePrevue'>,
): Promise<void> {
  if (!mandatId) return;
  const mandat = await tx.mandate.findUnique({ where: { id: mandatId } });
  if (!mandat) throw notFound('mandat', mandatId);
  if (mandat.clientId !== clientId || mandat.organisationId !== organisationId) {
    throw invalid('mandatId', 'must be a mandate of the same client and organisation');
  }
  if (mandat.statut === StatutMandat.REVOQUE) {
    throw failedPrecondition('MANDAT_REVOQUE', `mandatId: mandate ${mandatId} was revoked`);
  }
  await checkValid(tx, mandat, datePrevue);
  if (montant > MAX_DEBIT) {
    throw invalid('montant', `a direct debit cannot be of more than ${MAX_DEBIT} cents`);
  }
}

/** Debits planned for earlier days extend the validity of the mandate. */
async function checkValid(
  tx: Tx,
  mandat: { id: string; clientId: string; dateSignature: string; dernierePresentation: string },
  datePrevue: string,
): Promise<void> {
  if (datePrevue <= validUntil(mandat)) return;
  const before = await tx.payment.findMany({
    where: {
      ...{ clientId: mandat.clientId, mandatId: mandat.id, datePrevue: { lt: datePrevue } },
      statut: { in: [StatutPaiement.PLANIFIE, StatutPaiement.EMIS] },
    },
    distinct: ['datePrevue'],
    orderBy: { datePrevue: 'asc' },
    select: { datePrevue: true },
  });
  const until = validUntilAfter(
    mandat,
    before.map((payment) => payment.datePrevue),
  );
  if (datePrevue <= until) return;
  throw failedPrecondition(
    'MANDAT_CADUC',
    `mandatId: nothing is collected by mandate ${mandat.id} for 36 months until ${datePrevue}: it may be used until ` +
      `${until}, the debtor has to sign another one`,
  );
}
