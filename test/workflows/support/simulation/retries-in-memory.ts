import { BANK_DAYS } from '@crm/domain';
import { notFound } from '@crm/kit';
import {
  RecordProgressRequest,
  StatutRetry,
  StatutTentative,
  type CreateScheduleRequest,
  type PlanCollecteRequest,
  type RetryAttempt,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { decideRejection, type Rejection } from '@crm/retry/decide-rejection';
import type { OpenDays } from '@crm/retry/open-days';
import { collecteOf } from '@crm/retry/plan-collecte';
import type { FullPolitique } from '@crm/retry/politique';
import { attemptColumnsOf, columnsOf } from '@crm/retry/record-progress';
import { LIVE, toSchedule, type ScheduleRow } from '@crm/retry/schedules';
import type { Services } from '@crm/workers/clients';
import { openDayFrom } from './open-day-from.ts';
import { classeOf } from './retried-codes.ts';

type Attempt = Pick<RetryAttempt, 'numero' | 'statut'> & Partial<RetryAttempt>;
type Options = {
  now: () => Date;
  politique: FullPolitique;
  ownDays?: { date: string; libelle: string }[] | undefined;
};

/**
 * The retry service without its database and on another clock: it keeps schedules in memory, and everything that is
 * decided or planned about them is decided by the service's own functions.
 */
export class RetriesInMemory {
  readonly rows = new Map<string, ScheduleRow>();
  readonly attempts = new Map<string, Attempt[]>();
  private readonly options: Options;

  constructor(options: Options) {
    this.options = options;
  }

  /** As the workers call it. */
  readonly client = {
    getSchedule: async ({ id }: { id: string }) => this.toMessage(id),
    createSchedule: (request: CreateScheduleRequest) => this.createSchedule(request),
    recordProgress: async (request: Partial<RecordProgressRequest> & { id: string }) =>
      this.recordProgress(RecordProgressRequest.fromPartial(request)),
    planCollecte: async ({ id, dateCollecte }: PlanCollecteRequest) =>
      await collecteOf(this.row(id), dateCollecte || '', this.openDays, this.options.now()),
  } as unknown as Services['retries'];

  /** Keeps a schedule as the service answered it. Its id is its payment's here. */
  keep(schedule: RetrySchedule): void {
    const { tentatives, prochaineAt = null, repriseAt = null, annonceAt: _, ...row } = schedule;
    const tentativeRejetee = Math.max(
      row.tentativeInitiale,
      ...tentatives
        .filter(({ statut }) => statut === StatutTentative.REJETEE)
        .map(({ numero }) => numero + 1),
    );
    const kept = { ...row, prochaineAt, repriseAt, tentativeRejetee, rejeteAt: row.dateRejet! };
    this.rows.set(row.paymentId, { ...kept, id: row.paymentId } as unknown as ScheduleRow);
    this.attempts.set(row.paymentId, tentatives);
  }

  /** Days of France and T2, and closing days of the organisation, by the calendar service's own function. */
  private readonly openDays: OpenDays = async (_, calendriers = BANK_DAYS) => {
    return openDayFrom(this.options.ownDays, calendriers);
  };

  private async createSchedule(request: CreateScheduleRequest): Promise<RetrySchedule> {
    const { paymentId: id, organisationId, clientId, invoiceId, montant, tentative } = request;
    const { now, politique } = this.options;
    const row = this.rows.get(id) ?? null;
    const rejection: Rejection = { ...request, dateRejet: request.dateRejet! };
    const politiqueOf = async () => politique;
    const decision = await decideRejection(
      { politiqueOf, classeOf, openDays: this.openDays, now },
      row,
      rejection,
    );
    if (!decision) return this.toMessage(id);
    const { columns, instants, ownAttempt } = decision;
    const made = { id, organisationId, paymentId: id, clientId, invoiceId, montant, createdAt: now() };
    const version = (row?.version ?? -1) + 1;
    this.rows.set(id, { ...(row ?? made), ...columns, version, updatedAt: now() });
    const before = (this.attempts.get(id) ?? []).map((attempt) =>
      ownAttempt && attempt.numero === tentative - 1
        ? { ...attempt, statut: StatutTentative.REJETEE, motifRejet: columns.motifRejet }
        : attempt,
    );
    const planned = instants.map((datePrevue, i) => {
      return { numero: tentative + i, datePrevue, statut: StatutTentative.PREVUE };
    });
    const kept = before.filter(({ numero }) => numero < tentative);
    this.attempts.set(id, [...kept, ...planned]);
    return this.toMessage(id);
  }

  private recordProgress(request: RecordProgressRequest): RetrySchedule {
    const { id, numero, statut, version } = request;
    const row = this.row(id);
    if (!LIVE.includes(row.statut) || (version !== undefined && version !== row.version))
      return this.toMessage(id);
    const now = this.options.now();
    const changed = { ...row, ...columnsOf(request), version: row.version + 1, updatedAt: now };
    this.rows.set(id, changed);
    const isOver = statut !== StatutRetry.UNSPECIFIED && !LIVE.includes(statut);
    const attempts = this.attempts.get(id)!.map((attempt): Attempt => {
      const one = attempt.numero === numero ? { ...attempt, ...attemptColumnsOf(request, now) } : attempt;
      const isUnmade = isOver && one.statut === StatutTentative.PREVUE;
      return isUnmade ? { ...one, statut: StatutTentative.ABANDONNEE } : one;
    });
    this.attempts.set(id, attempts);
    return this.toMessage(id);
  }

  private row(id: string): ScheduleRow {
    const row = this.rows.get(id);
    if (!row) throw notFound('retrySchedule', id);
    return row;
  }

  private toMessage = (id: string): RetrySchedule => toSchedule(this.row(id), this.attempts.get(id)!);
}
