import type { Db } from '@crm/db';
import { addDays, dateInParis, LAST_DATE } from '@crm/domain';
import { invalid, readPageToken, remembered, writePageToken, type Call } from '@crm/kit';
import type { AgendaRequest, AgendaResponse, EcheanceAgenda } from '@crm/proto/relance/agenda';
import type { Attentes } from '../attentes.ts';
import { coversOf } from '../covers-of.ts';
import type { MergesReminders } from '../merges-reminders.ts';
import type { Whose as Client } from '../plan-next-send.ts';
import type { Invoices } from '../read-invoices.ts';
import type { AgendaSources } from './agenda-sources.ts';
import { askedFor } from './asked-for.ts';
import { readFilters, type Filters } from './filters.ts';
import { factsOf, type Facts, type Prevision } from './foresee-clients.ts';
import { dayOfOrder, orderOf, type Window } from './line.ts';
import { otherLines } from './other-lines.ts';
import type { Whose } from './own-rows.ts';
import type { Previsions } from './previsions.ts';
import { readShown, reminderEntry, remindersAfter } from './reminders-page.ts';
import { readKnown, withNames } from './with-names.ts';

/** What reading an agenda needs. */
export type AgendaNeeds = {
  db: Db;
  sources: AgendaSources;
  attentes: Attentes;
  previsions: Previsions;
  merges: MergesReminders;
};

const DEFAULT_DAYS = 90;
const MOST_DAYS = 366;
const DEFAULT_PAGE_SIZE = 200;
/** The days that are read first where few reminders come. */
const FIRST_DAYS = 31;
/** How often a page is read again because something has changed that nobody told us of. */
const MOST_READINGS = 3;

/** A page's worth of what comes, in order. */
type Found = { entries: Entry[]; invoices: Invoices; isLast: boolean };
/** A foreseen level, or the line of something else. */
type Entry = { order: string } & ({ level: Prevision } | { line: EcheanceAgenda });

/**
 * Lists every mail, debit and task to come of an organisation or a client, in order of time, with why it comes and what
 * would stop it. Reminders are read from the levels that were foreseen (`previsions.ts`); what has changed since then is
 * found by comparing the page with what others say now, and only its clients are foreseen again. All else is read from
 * those who plan it, for the days of the page.
 * @throws {RpcError} INVALID_ARGUMENT; FAILED_PRECONDITION if too much of a kind comes in a few days; UNAVAILABLE if one
 *   of the services is away, because an incomplete agenda would be wrong
 */
export const agenda = (needs: AgendaNeeds) => {
  const { db, sources, attentes, previsions, merges } = needs;
  const find = findPage(needs);
  return async (request: AgendaRequest, { signal }: Pick<Call, 'signal'>): Promise<AgendaResponse> => {
    const { whose, window } = readScope(request, DEFAULT_DAYS);
    const after = request.pageToken ? readPageToken(request.pageToken) : '';
    const filters = await readFilters(request, sources);
    const size = request.pageSize || DEFAULT_PAGE_SIZE;
    await previsions.bringUpToDate(whose, signal);
    for (let readings = 1; ; readings += 1) {
      const page = await find({ whose, window, filters }, after, size, signal);
      const levels = page.entries.flatMap((entry) => ('level' in entry ? [entry.level] : []));
      const clients = clientsOf(page.entries);
      // a hold that has ended is noticed here, and its reminders are planned again
      const open = await attentes.open(clients);
      if ((await previsions.bringUpToDate(whose, signal)) && readings < MOST_READINGS) continue;
      const shown = await readShown(db, levels, sources.factures, signal);
      const invoices: Invoices = new Map([...page.invoices, ...shown.invoices]);
      const demanded = levels.filter(({ relanceId, niveau }) =>
        shown.reminders.get(relanceId)?.niveaux.some((one) => one.niveau === niveau && one.demandee),
      );
      const lines = page.entries.flatMap((entry) => ('line' in entry ? [entry.line] : []));
      const named = [...levels.map((one) => ({ ...one, contratReference: '' })), ...lines];
      const [known, asked, covers] = await Promise.all([
        readKnown(named, sources, signal),
        askedFor(
          db,
          demanded.map(({ invoiceId }) => invoiceId),
        ),
        coversOf(sources.payments, levels),
      ]);
      const mergesOf = remembered(merges);
      const old: Client[] = [];
      const told: EcheanceAgenda[] = [];
      const isOpen = new Set(open.map(({ id }) => id));
      for (const entry of page.entries) {
        if ('line' in entry) {
          // a promise was judged by reading its hold
          if (!entry.line.attenteId || isOpen.has(entry.line.attenteId)) told.push(entry.line);
          continue;
        }
        const { level } = entry;
        const facts: Facts = { ...known, invoices, covers, merges: await mergesOf(level.organisationId) };
        if (factsOf(level, facts) !== level.contenu.vu) old.push(level);
        const line = reminderEntry(level, { reminders: shown.reminders, facts, open, asked }, window);
        if (line) told.push(line);
      }
      if (old.length > 0 && readings < MOST_READINGS) {
        await previsions.foreseeAgain(distinct(old), signal);
        continue;
      }
      return {
        echeances: told.map((line) => withNames(line, { ...known, invoices })),
        nextPageToken: page.isLast ? '' : writePageToken(page.entries.at(-1)!.order),
      };
    }
  };
};

/** The next entries after a sort key: reminders from their index, and what else comes in the days that these fill. */
function findPage({ db, sources }: AgendaNeeds) {
  const others = otherLines(db, sources);
  return async (
    scope: { whose: Whose; window: Window; filters: Filters },
    after: string,
    size: number,
    signal: AbortSignal,
  ): Promise<Found> => {
    const { whose, window, filters } = scope;
    const levels = await remindersAfter(db, scope, after, size + 1);
    const full = levels.length > size ? levels[size]!.ordre : undefined;
    const today = dateInParis(window.now);
    const later = (one: string, other: string) => (one > other ? one : other);
    // late entries belong to today, so days before have none
    const begin = later(
      later(window.du, window.du <= today ? today : ''),
      after && (dayOfOrder(after) ?? window.au),
    );
    const entries: Entry[] = levels.map((level) => ({ order: level.ordre, level }));
    let invoices: Invoices = new Map();
    let until = full ? (dayOfOrder(full) ?? window.au) : addDays(begin, FIRST_DAYS - 1);
    for (let du = begin, days = FIRST_DAYS; du <= window.au; days *= 2) {
      const au = until < du ? du : until > window.au ? window.au : until;
      const some = await others(whose, { ...window, du, au }, filters, signal);
      invoices = new Map([...invoices, ...some.invoices]);
      for (const line of some.lines) {
        const order = orderOf(line);
        if (order > after) entries.push({ order, line });
      }
      const reached = entries.filter(
        ({ order }) => (dayOfOrder(order) ?? LAST_DATE) <= later(au, today),
      ).length;
      if (reached > size) {
        // what comes after these days has not been read yet
        until = au;
        break;
      }
      du = addDays(au, 1);
      until = addDays(du, days * 2 - 1);
      if (du > window.au) until = window.au;
    }
    entries.sort((a, b) => (a.order < b.order ? -1 : 1));
    const page = entries.slice(0, size);
    return { entries: page, invoices, isLast: page.length === entries.length };
  };
}

const clientsOf = (entries: Entry[]): Client[] =>
  distinct(entries.map((entry) => ('level' in entry ? entry.level : entry.line)));

const distinct = (all: Client[]): Client[] => [
  ...new Map(
    all.map(({ organisationId, clientId }) => [
      `${organisationId}/${clientId}`,
      { organisationId, clientId },
    ]),
  ).values(),
];

/**
 * Whose agenda, and its days.
 * @throws {RpcError} INVALID_ARGUMENT `organisationId`, `au`
 */
export function readScope(
  {
    organisationId,
    clientId,
    du: from,
    au: to,
  }: Pick<AgendaRequest, 'organisationId' | 'clientId' | 'du' | 'au'>,
  days: number,
): { whose: Whose; window: Window } {
  if (!organisationId && !clientId) throw invalid('organisationId', 'say an organisation, or a client');
  const now = new Date();
  const du = from || dateInParis(now);
  const au = to || addDays(du, days);
  if (au < du) throw invalid('au', `must not be before du, ${du}`);
  const latest = addDays(du, MOST_DAYS);
  if (au > latest) throw invalid('au', `must not be later than ${MOST_DAYS} days after du, ${latest}`);
  if (au >= LAST_DATE) throw invalid('au', `must be before ${LAST_DATE}`);
  return { whose: { organisationId, clientId }, window: { now, du, au } };
}
