import {
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
import type { Coming, Followed } from '../foresee.ts';
import type { RelanceRow } from '../relance-rows.ts';
import { line, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';
import { numeroOf } from './open-invoices.ts';

/** A reminder, with the instant of its next level as the workflow has it. */
export type Planned = RelanceRow & { prochaineAt: Date | null };
/** Reminders to foresee, with their row. */
export type Running = Followed & { row: Planned };

/** A level to come, as far as its entry says it. */
export type ToTell = Pick<Coming, 'level' | 'at'> & {
  one: { row: Planned };
  after: { row: Pick<RelanceRow, 'invoiceId'> } | undefined;
};

/** The entry of a level to come. */
export function reminderLine(
  { one: { row }, level, at, after }: ToTell,
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
      ? inTurn(
          'ne part que si le client ne s’oppose plus aux relances, sinon elle est sautée',
          line.condition,
        )
      : line.condition,
});

/** An entry with what holds it back. */
export const heldLine = (line: EcheanceAgenda, { attente }: { attente: string }): EcheanceAgenda => {
  if (!attente) return line;
  const held = `une fois levé ce qui la retient: ${attente}`;
  return { ...line, attente, condition: inTurn(line.condition, held) };
};

const inTurn = (...conditions: string[]): string => conditions.filter(Boolean).join(' ; ');
