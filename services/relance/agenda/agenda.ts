import type { Db } from '@crm/db';
import { addDays, dateInParis, LAST_DATE, startOfDay } from '@crm/domain';
import { invalid, readPageToken, writePageToken, type Call, type Connected } from '@crm/kit';
import type { TacheServiceService } from '@crm/proto/activites/activites';
import type { PaymentServiceService } from '@crm/proto/payments/payments';
import type { AgendaRequest, AgendaResponse, EcheanceAgenda } from '@crm/proto/relance/agenda';
import { StatutRetry, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import { isPromise } from '../attente-rows.ts';
import type { Attentes } from '../attentes.ts';
import { coversOf } from '../covers-of.ts';
import { held } from '../held-back.ts';
import { rememberedDays, type OpenDays } from '../open-days.ts';
import { askedFor } from './asked-for.ts';
import { debitLines } from './debit-lines.ts';
import { orderOf, type Window } from './line.ts';
import { readInvoices, type InvoiceSource } from '../read-invoices.ts';
import { readAll } from './read-all.ts';
import { explainedLine, heldLine, isReminder, reminderLines } from './reminder-lines.ts';
import { retryLines } from './retry-lines.ts';
import { promiseLines } from './promise-lines.ts';
import { readReminders, readSuivis, type Whose } from './own-rows.ts';
import { suiviLines } from './suivi-lines.ts';
import { taskLines } from './task-lines.ts';
import { readKnown, withNames, type NameSources } from './with-names.ts';

/** The services that know what is to come; called with the caller's own token. */
export type AgendaSources = NameSources & {
  factures: InvoiceSource;
  payments: Pick<Connected<typeof PaymentServiceService>, 'listPrelevements' | 'getCouvertures'>;
  retries: Pick<Connected<typeof RetryAdminServiceService>, 'listSchedules'>;
  taches: Pick<Connected<typeof TacheServiceService>, 'list'>;
};

const DEFAULT_DAYS = 90;
const MOST_DAYS = 366;
const DEFAULT_PAGE_SIZE = 200;

/**
 * Lists every mail, debit and task to come of an organisation or a client, in order of time, with why it
 * comes and what would stop it. Nothing is stored: each call reads the plans where they are kept, with lists
 * and never one by one.
 * @throws {RpcError} INVALID_ARGUMENT; FAILED_PRECONDITION if there are too many entries; UNAVAILABLE if one
 *   of the services is away, because an incomplete agenda would be wrong
 */
export const agenda =
  (db: Db, openDays: OpenDays, sources: AgendaSources, attentes: Attentes) =>
  async (request: AgendaRequest, { signal }: Pick<Call, 'signal'>): Promise<AgendaResponse> => {
    const whose = { organisationId: request.organisationId, clientId: request.clientId };
    if (!whose.organisationId && !whose.clientId)
      throw invalid('organisationId', 'say an organisation, or a client');
    const window = windowOf(request);
    const after = request.pageToken ? readPageToken(request.pageToken) : '';
    // before the reminders are read: if a hold has ended, they are planned again
    const waiting = await attentes.open(whose);
    const [reminders, suivis, schedules, prelevements, taches] = await Promise.all([
      readReminders(db, whose, endOf(window)),
      readSuivis(db, whose, endOf(window)),
      readSchedules(sources, whose, signal),
      readPrelevements(sources, whose, window, signal),
      readTaches(sources, whose, window, signal),
    ]);
    const invoiceIds = [
      ...[...reminders, ...schedules, ...prelevements.map(({ paiement }) => paiement!)].map(
        ({ invoiceId }) => invoiceId,
      ),
      ...waiting.flatMap((hold) => (isPromise(hold) ? hold.invoiceIds : [])),
    ];
    const invoices = await readInvoices(sources.factures, invoiceIds, signal);
    const lines = [
      ...(await reminderLines(reminders, invoices, window, rememberedDays(openDays))),
      ...suiviLines(suivis, window),
      ...retryLines(schedules, invoices, window),
      ...debitLines(prelevements, invoices, window),
      ...taskLines(taches, window),
      ...promiseLines(waiting, invoices, window),
    ];
    const rest = lines
      .map((line) => ({ line, order: orderOf(line) }))
      .filter(({ order }) => order > after)
      .sort((a, b) => (a.order < b.order ? -1 : 1));
    const page = rest.slice(0, request.pageSize || DEFAULT_PAGE_SIZE);
    const isLast = page.length === rest.length;
    // debits that hold reminders back are asked for only of those that are shown
    const shown = new Map(reminders.map((one) => [one.invoiceId, one]));
    const mails = page.flatMap(({ line }) => (isReminder(line) ? [line] : []));
    const covers = await coversOf(sources.payments, mails);
    const level = (line: EcheanceAgenda) =>
      shown.get(line.invoiceId)?.niveaux.find(({ niveau }) => niveau === line.numero);
    const demanded = mails.filter((line) => level(line)?.demandee).map(({ invoiceId }) => invoiceId);
    const lignes = page.map(({ line }) => line);
    const [known, asked] = await Promise.all([readKnown(lignes, sources, signal), askedFor(db, demanded)]);
    const told = (line: EcheanceAgenda): EcheanceAgenda => {
      const one = isReminder(line) ? shown.get(line.invoiceId) : undefined;
      const planned = level(line);
      if (!one || !planned) return line;
      const why = {
        level: planned,
        client: known.clients.get(line.clientId),
        asked: asked.get(one.invoiceId),
      };
      return heldLine(explainedLine(line, why), held(one, waiting, covers.get(one.invoiceId)));
    };
    return {
      echeances: lignes.map((line) => withNames(told(line), { ...known, invoices })),
      nextPageToken: isLast ? '' : writePageToken(page.at(-1)!.order),
    };
  };

/** @throws {RpcError} INVALID_ARGUMENT `au` */
function windowOf({ du: from, au: to }: AgendaRequest): Window {
  const now = new Date();
  const du = from || dateInParis(now);
  const au = to || addDays(du, DEFAULT_DAYS);
  if (au < du) throw invalid('au', `must not be before du, ${du}`);
  const latest = addDays(du, MOST_DAYS);
  if (au > latest) throw invalid('au', `must not be later than ${MOST_DAYS} days after du, ${latest}`);
  if (au >= LAST_DATE) throw invalid('au', `must be before ${LAST_DATE}`);
  return { now, du, au };
}

/** The instant at which the last day ends. */
const endOf = ({ au }: Window): Date => startOfDay(addDays(au, 1));

/** Whether today, or an earlier day, is in the window: late entries are shown then. */
const includesLate = ({ now, du }: Window): boolean => du <= dateInParis(now);

async function readSchedules({ retries }: AgendaSources, whose: Whose, signal: AbortSignal) {
  const of = (statut: StatutRetry) =>
    readAll('retries', signal, async (page) => {
      const { schedules: rows, nextPageToken } = await retries.listSchedules({ ...whose, statut, ...page });
      return { rows, nextPageToken };
    });
  return (await Promise.all([of(StatutRetry.PLANIFIE), of(StatutRetry.EN_COURS)])).flat();
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
