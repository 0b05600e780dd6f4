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
 * How long after its day a debit is counted that nobody has presented, or of which the bank has said nothing, in calendar
 * days. A bank returns a debit within five banking days, holidays beside; what is older waits for a person.
 */
const DAYS_AFTER = 10;
/** How long a rejection may wait for what follows from it: as long as its handler is tried. */
const UNDECIDED_MS = 3 * 24 * 3_600_000;

const { COUVERTURE_PREVUE, COUVERTURE_REMISE, COUVERTURE_A_REPRESENTER, COUVERTURE_REJETEE } = EtatCouverture;

type Sources = {
  contrats: Contrats;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  retries: Pick<Connected<typeof RetryAdminServiceService>, 'listSchedules'>;
};
type Debit = { row: PaymentRow; etat: EtatCouverture; date: string };

/**
 * What debits under way take of what remains of invoices: planned ones that `Emit` would present, those with the bank,
 * and rejected ones that are presented again or of which that is not decided. With others' word, asked with the caller's
 * own token, and only where there is something to ask about.
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
      async (page) => (await factures.list(page)).invoices,
    );
    const couvertures = [...invoices.values()].flatMap(({ id: invoiceId, restantDu }) => {
      let left = restantDu;
      const prelevements = debits
        .filter(({ row }) => row.invoiceId === invoiceId)
        .toSorted((a, b) => order(a).localeCompare(order(b)))
        .flatMap(({ row, etat, date }) => {
          // beyond what remains a debit may take what was asked for; that covers nothing of the invoice
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

/** What the bank has comes first, whatever its day; what has no day last. */
const order = ({ etat, date, row }: Debit): string =>
  `${etat === COUVERTURE_REMISE ? 0 : 1} ${date || '9999-12-31'} ${row.id}`;

const isRecent = ({ datePrevue }: { datePrevue: string }): boolean =>
  datePrevue >= Temporal.PlainDate.from(todayInParis()).subtract({ days: DAYS_AFTER }).toString();

/** Those that `Emit` presents: of a mandate and a contract that are in force on their day. */
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

/** Those that retry presents again, or has not decided about yet. */
async function rejected(retries: Sources['retries'], rows: PaymentRow[]): Promise<Debit[]> {
  const schedules = await knownOf(
    rows.map(({ id }) => id),
    async ({ ids, pageSize }) => {
      const found = await retries.listSchedules({ paymentIds: ids, pageSize });
      return found.schedules.map((schedule) => ({ ...schedule, id: schedule.paymentId }));
    },
  );
  return rows.flatMap((row): Debit[] => {
    const schedule = schedules.get(row.id);
    if (isUndecided(row, schedule)) return [{ row, etat: COUVERTURE_REJETEE, date: '' }];
    const date = schedule?.prochaineAt && dateInParis(schedule.prochaineAt);
    const isPlanned = schedule?.statut === StatutRetry.PLANIFIE && date && isRecent({ datePrevue: date });
    return isPlanned ? [{ row, etat: COUVERTURE_A_REPRESENTER, date }] : [];
  });
}

/** Retry has not heard of this rejection; of one that a person has stopped it takes no note. */
function isUndecided({ dateRejet, updatedAt }: PaymentRow, schedule: RetrySchedule | undefined): boolean {
  if (updatedAt.getTime() < Date.now() - UNDECIDED_MS) return false;
  if (schedule?.eligibilite === Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL) return false;
  return !schedule?.rejeteAt || (dateRejet !== null && schedule.rejeteAt < dateRejet);
}
