import {
  addDays,
  channelInWords,
  delayInWords,
  FORMAL_NOTICE,
  formatDate,
  levelInWords,
  startOfDay,
} from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { CanalRelance, StatutRelance, type NiveauRelance } from '@crm/proto/relance/relance';
import { foresee, type Coming, type Followed } from '../foresee.ts';
import type { OpenDays } from '../open-days.ts';
import type { RelanceRow } from '../relance-rows.ts';
import { isWithin, line, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';
import { isSettled, numeroOf } from './open-invoices.ts';

/** A reminder, with the instant of its next level as the workflow has it. */
export type Planned = RelanceRow & { prochaineAt: Date | null };
/** Reminders to foresee, with their row. */
export type Running = Followed & { row: Planned };

/**
 * Every level to come (`foresee.ts`). The next one of each invoice is sent at its planned instant; later ones at their
 * distance from the client's reminder before, for any invoice.
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
    const followed = ofClient.map((row) => ({
      ...{ row, state: row, planned: row, restantDu: invoices.get(row.invoiceId)?.restantDu ?? 0n },
    }));
    const { coming } = await foresee(followed, {
      ...{ now: window.now, turn: undefined, until: startOfDay(addDays(window.au, 1)) },
      nextOpenDay: openDays(ofClient[0]!.organisationId),
    });
    const told = coming.map((one) => reminderLine(one, invoices, window));
    lines.push(...told.filter((one) => isWithin(window, one)));
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

/** The entry of a level to come. */
export function reminderLine(
  { one: { row }, level, at, after }: Coming<Running>,
  invoices: Invoices,
  window: Window,
): EcheanceAgenda {
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
      ...(after ? [`après la relance de la facture ${numeroOf(invoices, after.row.invoiceId)}`] : []),
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

/** An entry with who asked for it to be sent now, and whether its client wants no reminders. */
export const explainedLine = (
  line: EcheanceAgenda,
  {
    level,
    client,
    asked,
  }: { level: NiveauRelance; client: Pick<Client, 'sansRelance'> | undefined; asked: string | undefined },
): EcheanceAgenda => ({
  ...line,
  pourquoi: level.demandee && asked ? `${line.pourquoi}, ${asked}` : line.pourquoi,
  condition:
    client?.sansRelance && level.modele !== FORMAL_NOTICE
      ? 'ne part que si le client ne s’oppose plus aux relances, sinon elle est sautée'
      : line.condition,
});

/** An entry with what holds it back. */
export const heldLine = (line: EcheanceAgenda, { attente }: { attente: string }): EcheanceAgenda => {
  if (!attente) return line;
  const held = `une fois levé ce qui la retient: ${attente}`;
  return { ...line, attente, condition: [line.condition, held].filter(Boolean).join(' ; ') };
};
