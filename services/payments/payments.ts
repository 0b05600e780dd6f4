import type { Db } from '@crm/db';
import { entity, notFound, type Connected, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Payment, StatutPaiement, type PaymentServiceService } from '@crm/proto/payments/payments';
import type { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { BankDays } from './bank-days.ts';
import { checkMandate } from './mandates/check-mandate.ts';
import { checkCollected, checkReferences, depassementOf, type Planning } from './check-planned.ts';
import { confirmPayment } from './confirm-payment.ts';
import { montantsRecus } from './montants-recus.ts';
import { rejectPayment } from './reject-payment.ts';
import { replanifierPayment } from './replanifier-payment.ts';
import { withWarnings } from './warnings.ts';

/** The methods about bank files and prenotifications are in bank-reports/ and debits/. */
type WithoutFiles = Omit<
  Methods<typeof PaymentServiceService>,
  | 'emit'
  | 'importBankReport'
  | 'getRapport'
  | 'listRapports'
  | 'listLignesInconnues'
  | 'cloreLigneInconnue'
  | 'listPrenotifications'
  | 'getPrenotification'
  | 'marquerPrenotifie'
  | 'listPrelevements'
  | 'getCouvertures'
  | 'listFichiers'
  | 'downloadFichier'
  | 'listCandidats'
  | 'listFrais'
>;

/** Payments: planned, collected, rejected, planned again. */
export function payments(
  db: Db,
  days: BankDays,
  retries: Connected<typeof RetryAdminServiceService>,
  planning: Planning,
): WithoutFiles {
  const payment = entity(db, {
    model: 'payment',
    plural: 'payments',
    message: Payment,
    defaults: { organisationId: DEFAULT_ORGANISATION, scheduleId: '', statut: StatutPaiement.PLANIFIE },
    created: checkMandate,
  });
  const repeat = payment.repeat;
  return {
    get: async (request) => (await withWarnings(db, [await payment.get(request)]))[0]!,
    async list(request) {
      const { payments: found, nextPageToken } = await payment.list(request);
      return { payments: await withWarnings(db, found), nextPageToken };
    },
    async create(request, call) {
      await checkReferences(planning, request, call);
      await checkCollected(planning, request, call);
      const depassement = (await call.isRepeat()) ? 0n : await depassementOf(planning, request);
      if (request.mandatId && request.datePrevue) await days.checkDebitDate(request.datePrevue);
      const datePrevue = request.datePrevue || (await days.nextOpenDay());
      const created = await payment.create({ ...request, datePrevue, depassement }, call);
      return (await withWarnings(db, [created]))[0]!;
    },
    confirm: ({ id, dateReception = new Date() }, call) =>
      call.once((tx) => confirmPayment(tx, { id, dateReception }), repeat),
    reject: ({ dateRejet = new Date(), ...rejection }, call) =>
      call.once((tx) => rejectPayment(tx, { ...rejection, dateRejet }), repeat),
    async replanifier(request, call) {
      const { mandatId } = await payment.get(request);
      if (request.mandatId || mandatId) await days.checkDebitDate(request.datePrevue);
      return await call.once((tx) => replanifierPayment(tx, request), repeat);
    },
    getMontantsRecus: async ({ invoiceIds, depuis }) => ({
      montants: await montantsRecus(db, invoiceIds, depuis),
    }),
    async getRetrySchedule({ id }) {
      if (!(await db.payment.findUnique({ where: { id } }))) throw notFound('payment', id);
      return await retries.getSchedule({ id });
    },
  };
}
