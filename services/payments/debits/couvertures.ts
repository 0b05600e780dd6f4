import type { Db } from '@crm/db';
import { amountToDebit, dateInParis, todayInParis } from '@crm/domain';
import { knownOf, type Connected, type Methods } from '@crm/kit';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  CouvertureFacture,
  EtatCouverture,
  StatutMandat,
  StatutPaiement,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import {
  Eligibilite,
  StatutRetry,
  type RetryAdminServiceService,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { Temporal } from 'temporal-polyfill';
import { validUntil } from '../mandates/valid-until.ts';
import type { PaymentRow } from '../to-payment.ts';
import { terminatedContracts, type Contrats } from './terminated-contracts.ts';

/**
 * How many calendar days after its day a debit still counts, if nobody has presented it or the bank has said
 * nothing. A bank returns a debit within five banking days, not counting holidays; older ones wait for a
 * person.
 */
const DAYS_AFTER = 10;
/** How long a rejection may wait for its retries to be decided: as long as its handler is retried. */
const UNDECIDED_MS = 3 * 24 * 3_600_000;

const { COUVERTURE_PREVUE, COUVERTURE_REMISE, COUVERTURE_A_REPRESENTER, COUVERTURE_REJETEE } = EtatCouverture;

type Sources = {
  contrats: Contrats;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  retries: Pick<Connected<typeof RetryAdminServiceService>, 'listSchedules'>;
};
type Debit = { row: PaymentRow; etat: EtatCouverture; date: string };

/**
 * Computes what debits under way take of what is left of invoices: planned ones that `Emit` would present,
 * those with the bank, and rejected ones that are presented again or not decided about yet. Other services
 * are asked with the caller's own token, and only if there is something to ask.
 */
export const getCouvertures =
  (
    db: Db,
    { contrats, factures, retries }: Sources,
  ): Methods<typeof PaymentServiceService>['getCouvertures'] =>
  async ({ invoiceIds }) => {
    const live = [StatutPaiement.PLANIFIE, StatutPaiement.EMIS, StatutPaiement.REJETE];
    const rows = await db.payment.findMany({
      where: { invoiceId: { in: invoiceIds }, statut: { in: live } },
      orderBy: { id: 'asc' },
    });
    const of = (statut: StatutPaiement) => rows.filter((row) => row.statut === String(statut));
    const debits = [
      ...of(StatutPaiement.EMIS)
        .filter(isRecent)
        .map((row) => ({ row, etat: COUVERTURE_REMISE, date: row.datePrevue })),
      ...(await planned(db, contrats, of(StatutPaiement.PLANIFIE).filter(isRecent))),
      ...(await rejected(retries, of(StatutPaiement.REJETE))),
    ];
    const invoices = await knownOf(
      debits.map(({ row }) => row.invoiceId),
      (page) => factures.list(page),
      (page) => page.invoices,
    );
    const couvertures = [...invoices.values()].flatMap(({ id: invoiceId, restantDu }) => {
      let left = restantDu;
      const prelevements = debits
        .filter(({ row }) => row.invoiceId === invoiceId)
        .toSorted((a, b) => order(a).localeCompare(order(b)))
        .flatMap(({ row, etat, date }) => {
          // a debit may exceed what is left of the invoice, if that was allowed; the excess covers nothing of
          // it
          const montant = min(amountToDebit(row, left), left);
          left -= montant;
          return montant > 0n ? [{ paymentId: row.id, montant, etat, date }] : [];
        });
      const montant = restantDu - left;
      const [debit, ...more] = prelevements;
      if (!debit) return [];
      const preleveLe = more.length === 0 && debit.date > todayInParis() ? debit.date : '';
      return [CouvertureFacture.fromPartial({ invoiceId, restantDu, montant, prelevements, preleveLe })];
    });
    return { couvertures };
  };

const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** Debits with the bank come first, whatever their day; those without a day come last. */
const order = ({ etat, date, row }: Debit): string =>
  `${etat === COUVERTURE_REMISE ? 0 : 1} ${date || '9999-12-31'} ${row.id}`;

const isRecent = ({ datePrevue }: { datePrevue: string }): boolean =>
  datePrevue >= Temporal.PlainDate.from(todayInParis()).subtract({ days: DAYS_AFTER }).toString();

/** The planned debits that `Emit` will present: their mandate and contract are in force on their day. */
async function planned(db: Db, contrats: Contrats, rows: PaymentRow[]): Promise<Debit[]> {
  const mandates = await db.mandate.findMany({
    where: { id: { in: rows.map(({ mandatId }) => mandatId) }, statut: StatutMandat.ACTIF },
    select: { id: true, dateSignature: true, dernierePresentation: true },
  });
  const untilOf = new Map(mandates.map(({ id, ...used }) => [id, validUntil(used)]));
  const inForce = rows.filter(({ mandatId, datePrevue }) => datePrevue <= (untilOf.get(mandatId) ?? ''));
  const resilies = await terminatedContracts(
    contrats,
    inForce.map(({ contratId }) => contratId),
  );
  return inForce
    .filter(({ contratId }) => !resilies.has(contratId))
    .map((row) => ({ row, etat: COUVERTURE_PREVUE, date: row.datePrevue }));
}

/** The rejected debits that retry presents again or has not decided about yet. */
async function rejected(retries: Sources['retries'], rows: PaymentRow[]): Promise<Debit[]> {
  const schedules = await knownOf(
    rows.map(({ id }) => id),
    ({ ids: paymentIds, ...page }) => retries.listSchedules({ paymentIds, ...page }),
    (page) => page.schedules.map((schedule) => ({ ...schedule, id: schedule.paymentId })),
  );
  return rows.flatMap((row): Debit[] => {
    const schedule = schedules.get(row.id);
    if (isUndecided(row, schedule)) return [{ row, etat: COUVERTURE_REJETEE, date: '' }];
    const date = schedule?.prochaineAt && dateInParis(schedule.prochaineAt);
    const isPlanned = schedule?.statut === StatutRetry.PLANIFIE && date && isRecent({ datePrevue: date });
    return isPlanned ? [{ row, etat: COUVERTURE_A_REPRESENTER, date }] : [];
  });
}

/** Retry does not know this rejection yet. Schedules that a person has stopped do not record rejections. */
function isUndecided({ dateRejet, updatedAt }: PaymentRow, schedule: RetrySchedule | undefined): boolean {
  if (updatedAt.getTime() < Date.now() - UNDECIDED_MS) return false;
  if (schedule?.eligibilite === Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL) return false;
  return !schedule?.rejeteAt || (dateRejet !== null && schedule.rejeteAt < dateRejet);
}
