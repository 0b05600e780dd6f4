import type { Db, Tx } from '@crm/db';
import { addDays, formatDate, todayInParis } from '@crm/domain';
import { Avertissement, StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { needsAddress } from './mandates/postal-address.ts';

type Mandates = Map<string, NonNullable<Awaited<ReturnType<Tx['mandate']['findUnique']>>>>;

/** Adds warnings for whoever planned the payments. Only for debits that are planned for the first time. */
export async function withWarnings(db: Db | Tx, payments: Payment[]): Promise<Payment[]> {
  const mandates = await mandatesOf(db, payments);
  return payments.map((payment) => ({ ...payment, avertissements: warningsOf([payment], mandates) }));
}

/** Computes the warnings for payments, once for each schedule: all payments of one have the same mandate. */
export async function warningsAbout(db: Db | Tx, schedules: Payment[][]): Promise<Avertissement[][]> {
  const mandates = await mandatesOf(db, schedules.flat());
  return schedules.map((payments) => warningsOf(payments, mandates));
}

async function mandatesOf(db: Db | Tx, payments: Payment[]): Promise<Mandates> {
  const ids = payments.filter(isPlanned).map(({ mandatId }) => mandatId);
  if (ids.length === 0) return new Map();
  const mandates = await db.mandate.findMany({ where: { id: { in: [...new Set(ids)] } } });
  return new Map(mandates.map((mandat) => [mandat.id, mandat]));
}

/** A first attempt that is still planned: retries are announced by their own workflow. */
const isPlanned = ({ statut, tentative, mandatId }: Payment): boolean =>
  statut === StatutPaiement.PLANIFIE && tentative === 1 && mandatId !== '';

function warningsOf(payments: Payment[], mandates: Mandates): Avertissement[] {
  const planned = payments.filter(isPlanned);
  const mandat = mandates.get(planned[0]?.mandatId ?? '');
  if (!mandat) return [];
  const { prenotificationJours: days, rum, ibanMasque, adresse } = mandat;
  const today = todayInParis();
  const earliest = addDays(today, days);
  const untold = planned.filter(({ prenotifiePour, datePrevue }) => prenotifiePour !== datePrevue);
  const dates = [...new Set(untold.map(({ datePrevue }) => datePrevue))].sort();
  const past = dates.filter((date) => date < today);
  const soon = dates.filter((date) => date >= today && date < earliest);
  return [
    ...(past.length > 0
      ? [warning('DATE_PASSEE', `${inWords(past)} : le jour est passé et le client n’en a pas été prévenu.`)]
      : []),
    ...(soon.length > 0
      ? [
          warning(
            'PREAVIS',
            `${inWords(soon)} : le mandat ${rum} prévoit un préavis de ${days} jour${days > 1 ? 's' : ''}. ` +
              `Sans dispense (sansPreavis), rien n’est présenté avant le ${formatDate(earliest)}.`,
          ),
        ]
      : []),
    ...(!adresse && needsAddress(ibanMasque)
      ? [
          warning(
            'ADRESSE_DEBITEUR',
            `L’adresse du débiteur est obligatoire pour ce compte, et le mandat ${rum} n’en a pas : ` +
              'rien n’est présenté sans elle.',
          ),
        ]
      : []),
  ];
}

const warning = (code: string, message: string) => Avertissement.fromPartial({ code, message });

/** The first of some days, and the number of further ones. */
function inWords([first, ...others]: string[]): string {
  const more = others.length > 0 ? ` (et ${others.length} autre${others.length > 1 ? 's' : ''})` : '';
  return `Prélèvement du ${formatDate(first!)}${more}`;
}
