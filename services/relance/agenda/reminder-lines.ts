import {
  channelInWords,
  delayInWords,
  FORMAL_NOTICE,
  formatDate,
  levelInWords,
  startOfDay,
} from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { CanalRelance, StatutRelance, type NiveauRelance } from '@crm/proto/relance/relance';
import { isDone } from '../apply-action.ts';
import { nextSendTime } from '../next-send-time.ts';
import type { OpenDays } from '../open-days.ts';
import type { RelanceRow } from '../relance-rows.ts';
import { isWithin, line, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';
import { isSettled, numeroOf } from './open-invoices.ts';

/** A reminder, with the instant of its next level as the workflow has it. */
export type Planned = RelanceRow & { prochaineAt: Date | null };
/** A level to come. `after` is the client's previous reminder, from which it keeps its distance. */
type Coming = { row: Planned; level: NiveauRelance; at: Date | undefined; after: Planned | undefined };

/**
 * Every level to come. The next one of each invoice is sent at its planned instant. Later ones are computed
 * by the same function as real plans (`next-send-time.ts`), at their distance from the client's previous
 * reminder for any invoice, in the order in which they are due.
 */
export async function reminderLines(
  rows: Planned[],
  invoices: Invoices,
  window: Window,
  openDays: OpenDays,
): Promise<EcheanceAgenda[]> {
  const lines: EcheanceAgenda[] = [];
  const open = rows.filter(({ invoiceId }) => !isSettled(invoices, invoiceId));
  for (const ofClient of byClient(open)) {
    for await (const coming of sends(ofClient, window, openDays)) {
      const told = describe(coming, invoices, window);
      if (isWithin(window, told)) lines.push(told);
    }
  }
  return lines;
}

function byClient(rows: Planned[]): Iterable<Planned[]> {
  const clients = new Map<string, Planned[]>();
  for (const row of rows) {
    const key = `${row.organisationId}/${row.clientId}`;
    const ofClient = clients.get(key);
    if (ofClient) ofClient.push(row);
    else clients.set(key, [row]);
  }
  return clients.values();
}

/** The reminders to one client in order of time; those without an instant come last. */
async function* sends(rows: Planned[], { now, au }: Window, openDays: OpenDays): AsyncGenerator<Coming> {
  const days = openDays(rows[0]!.organisationId);
  const queue = rows.flatMap((row) => {
    const levels = comingLevels(row);
    return row.prochaineAt && levels.length ? [{ row, levels, at: row.prochaineAt }] : [];
  });
  let last: { row: Planned; at: Date } | undefined;
  while (queue.length > 0) {
    const next = queue.reduce((first, one) => (one.at < first.at ? one : first));
    const level = next.levels.shift()!;
    const at = last ? await nextSendTime(next.at, level, last.at, days) : next.at;
    if (startOfDay(au).getTime() + DAY_AND_MORE_MS < at.getTime()) break;
    const isMoved = at > next.at && last?.row !== next.row;
    yield { row: next.row, level, at, after: isMoved ? last!.row : undefined };
    last = { row: next.row, at };
    const [following] = next.levels;
    if (!following) queue.splice(queue.indexOf(next), 1);
    else {
      const due = new Date(Math.max(following.dueAt!.getTime(), now.getTime()));
      next.at = await nextSendTime(due, following, at, days);
    }
  }
  for (const row of rows.filter(({ prochaineAt }) => !prochaineAt)) {
    for (const level of comingLevels(row)) yield { row, level, at: undefined, after: undefined };
  }
}

/** The levels to come. Open levels before the next one are passed over. */
const comingLevels = ({ niveaux, prochainNiveau }: Planned): NiveauRelance[] =>
  niveaux.filter((level) => !isDone(level) && level.niveau >= prochainNiveau);

/** Longer than any day: the next level is after the window for certain. */
const DAY_AND_MORE_MS = 25 * 3_600_000;

function describe({ row, level, at, after }: Coming, invoices: Invoices, window: Window): EcheanceAgenda {
  const { organisationId, clientId, invoiceId } = row;
  const invoice = invoices.get(invoiceId);
  const numero = numeroOf(invoices, invoiceId);
  const delay = delayInWords(level);
  const until = row.statut === StatutRelance.EN_PAUSE ? row.pauseJusquAu : undefined;
  const isFirst = level.niveau === row.prochainNiveau;
  const isPaused = until !== undefined && isFirst && (!until || startOfDay(until) > window.now);
  return line(window, {
    ...{ genre: GENRES[level.canal] ?? GenreEcheance.MAIL_RELANCE, organisationId, clientId, invoiceId },
    ...(at && { datePrevue: at }),
    libelle: `${levelInWords(level)} de la facture ${numero}`,
    montant: invoice?.restantDu ?? 0n,
    pourquoi: [
      `${delay} de la facture ${numero}, niveau ${level.niveau} (${channelInWords(level)}), dû le ${formatDate(level.dueAt!)}`,
      ...(after ? [`après la relance de la facture ${numeroOf(invoices, after.invoiceId)}`] : []),
    ].join(', '),
    arret: STOPS + (level.modele === FORMAL_NOTICE ? '' : ', opposition du client'),
    enPause: isPaused || !at,
    pauseJusquAu: isPaused ? until : '',
    numero: level.niveau,
  });
}

const STOPS = 'paiement, avoir, saut du niveau, pause, réponse ou promesse du client, litige, annulation';

const GENRES: Partial<Record<CanalRelance, GenreEcheance>> = {
  [CanalRelance.APPEL]: GenreEcheance.APPEL_RELANCE,
  [CanalRelance.LETTRE]: GenreEcheance.LETTRE_RELANCE,
};

const REMINDERS: GenreEcheance[] = [GenreEcheance.MAIL_RELANCE, ...Object.values(GENRES)];

/** Whether an entry is a reminder. */
export const isReminder = ({ genre }: EcheanceAgenda): boolean => REMINDERS.includes(genre);

/** An entry with what holds it back. */
export const heldLine = (line: EcheanceAgenda, { attente }: { attente: string }): EcheanceAgenda =>
  attente ? { ...line, attente, condition: `une fois levé ce qui la retient: ${attente}` } : line;
