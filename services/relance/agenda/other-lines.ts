import type { Db } from '@crm/db';
import { addDays, dateInParis, LAST_DATE, startOfDay } from '@crm/domain';
import { EtatCouverture, type Prelevement } from '@crm/proto/payments/payments';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { StatutRetry } from '@crm/proto/retry/retry';
import { isPromise, promisedOf } from '../attente-rows.ts';
import { coversOf } from '../covers-of.ts';
import { readInvoices, type Invoices } from '../read-invoices.ts';
import type { AgendaSources } from './agenda-sources.ts';
import { debitLines } from './debit-lines.ts';
import { isAskedFor, wants, type Filters } from './filters.ts';
import type { Window } from './line.ts';
import { readSuivis, type Whose } from './own-rows.ts';
import { promiseLines } from './promise-lines.ts';
import { assertFew, MOST, readAll } from './read-all.ts';
import { retryLines } from './retry-lines.ts';
import { suiviLines } from './suivi-lines.ts';
import { taskLines } from './task-lines.ts';

/** The client is told of a retry less than so many days before it. */
const TOLD_WITHIN_DAYS = 7;

const {
  MAIL_PRENOTIFICATION,
  PRELEVEMENT,
  MAIL_REESSAI,
  REESSAI,
  TACHE_SUIVI,
  RAPPEL_SUIVI,
  TACHE,
  PROMESSE_ATTENDUE,
} = GenreEcheance;

/**
 * What comes in some days beside reminders: first follow-ups, retries, debits, tasks and promised payments, from those
 * who plan them. Only what the filters may want is read.
 * @throws {RpcError} FAILED_PRECONDITION: too many of a kind in these days; UNAVAILABLE: who knows is away
 */
export const otherLines =
  (db: Db, sources: AgendaSources) =>
  async (
    whose: Whose,
    window: Window,
    filters: Filters,
    signal: AbortSignal,
  ): Promise<{ lines: EcheanceAgenda[]; invoices: Invoices }> => {
    const [suivis, schedules, prelevements, taches, promises] = await Promise.all([
      wants(filters, TACHE_SUIVI, RAPPEL_SUIVI) && !filters.montantMin
        ? readSuivis(db, whose, endOf(window), includesLate(window) ? undefined : startOfDay(window.du))
        : [],
      wants(filters, MAIL_REESSAI, REESSAI) ? readSchedules(sources, whose, window, signal) : [],
      wants(filters, MAIL_PRENOTIFICATION, PRELEVEMENT)
        ? readPrelevements(sources, whose, window, signal)
        : [],
      wants(filters, TACHE) && !filters.montantMin ? readTaches(sources, whose, window, signal) : [],
      wants(filters, PROMESSE_ATTENDUE) ? readPromises(db, whose, window) : [],
    ]);
    const { manager } = filters;
    const isTheirs = ({ clientId }: { clientId: string }) => !manager || manager.clients.has(clientId);
    const debits = prelevements.filter(({ paiement }) => isTheirs(paiement!));
    const ids = [
      ...[...schedules, ...debits.map(({ paiement }) => paiement!)].map(({ invoiceId }) => invoiceId),
      ...promises.flatMap(({ invoiceIds }) => invoiceIds),
    ];
    const invoices = await readInvoices(sources.factures, ids, signal);
    const taken = await takenBefore(sources, debits, window);
    const lines = [
      ...suiviLines(suivis.filter(isTheirs), window),
      ...retryLines(schedules.filter(isTheirs), invoices, window),
      ...debitLines(debits, invoices, window, taken),
      ...taskLines(
        taches.filter((one) => isTheirs(one) || one.assigneA === manager?.id),
        window,
      ),
      ...promiseLines(promises.filter(isTheirs), invoices, window),
    ].filter((line) => isAskedFor(line, filters));
    return { lines, invoices };
  };

/** The instant at which the last day ends. */
const endOf = ({ au }: Window): Date => startOfDay(addDays(au, 1));

/** Whether today, or an earlier day, is in the window: late entries are shown then. */
const includesLate = ({ now, du }: Window): boolean => du <= dateInParis(now);

async function readSchedules({ retries }: AgendaSources, whose: Whose, window: Window, signal: AbortSignal) {
  const of = (statut: StatutRetry, prochaineAu = '') =>
    readAll('retries', signal, async (page) => {
      const { schedules: rows, nextPageToken } = await retries.listSchedules({
        ...{ ...whose, statut, prochaineAu },
        ...page,
      });
      return { rows, nextPageToken };
    });
  const told = addDays(window.au, TOLD_WITHIN_DAYS);
  // no day after the calendar's last one can be asked for, and none is planned
  const limit = told > LAST_DATE ? '' : told;
  return (await Promise.all([of(StatutRetry.PLANIFIE, limit), of(StatutRetry.EN_COURS)])).flat();
}

const readPrelevements = ({ payments }: AgendaSources, whose: Whose, window: Window, signal: AbortSignal) =>
  readAll('debits', signal, async (page) => {
    const days = { du: includesLate(window) ? '' : window.du, au: window.au, ouPrenotification: true };
    const { prelevements: rows, nextPageToken } = await payments.listPrelevements({
      ...whose,
      ...days,
      ...page,
    });
    return { rows, nextPageToken };
  });

/** What earlier debits take of the invoices of these, where the days do not begin with today. */
async function takenBefore(
  { payments }: AgendaSources,
  debits: Prelevement[],
  window: Window,
): Promise<Map<string, bigint>> {
  if (includesLate(window)) return new Map();
  const these = new Set(debits.map(({ paiement }) => paiement!.id));
  const covers = await coversOf(
    payments,
    debits.map(({ paiement }) => paiement!),
  );
  const before = (invoiceId: string): bigint =>
    (covers.get(invoiceId)?.prelevements ?? [])
      .filter(({ paymentId, etat, date }) => !these.has(paymentId) && (FIRST.has(etat) || date < window.du))
      .filter(({ etat }) => etat === EtatCouverture.COUVERTURE_PREVUE || FIRST.has(etat))
      .reduce((sum, { montant }) => sum + montant, 0n);
  return new Map([...covers.keys()].map((id) => [id, before(id)]));
}

/** Debits that are with the bank come first, whatever their day. */
const FIRST = new Set<EtatCouverture>([EtatCouverture.COUVERTURE_REMISE]);

const readTaches = ({ taches }: AgendaSources, whose: Whose, window: Window, signal: AbortSignal) =>
  readAll('tasks', signal, async (page) => {
    const { taches: rows, nextPageToken } = await taches.list({
      ...whose,
      ouvertes: true,
      echeanceAvant: endOf(window),
      ...(!includesLate(window) && { echeanceDepuis: startOfDay(window.du) }),
      ...page,
    });
    return { rows, nextPageToken };
  });

/** The open holds with a payment promised for these days. */
async function readPromises(db: Db, { organisationId, clientId }: Whose, window: Window) {
  const rows = await db.attenteRelance.findMany({
    where: {
      ...(organisationId && { organisationId }),
      ...(clientId && { clientId }),
      leveeAt: null,
      jusquAu: { not: '', ...(!includesLate(window) && { gte: window.du }) },
    },
    orderBy: { id: 'asc' },
    take: MOST + 1,
  });
  assertFew('holds', rows.length);
  return rows.filter((hold) => isPromise(hold) && promisedOf(hold).some(({ date }) => date <= window.au));
}
