import { startOfDay } from '@crm/domain';
import { failedPrecondition, notFound, unavailable } from '@crm/kit';
import {
  ActionRelance,
  Relance,
  StatutRelance,
  type CreateRelanceRequest,
  type RecordRelanceProgressRequest,
} from '@crm/proto/relance/relance';
import { applyAction, hasEnded, nextLevel, type State } from '@crm/relance/apply-action';
import type { Level } from '@crm/relance/due-at';
import { firstState } from '@crm/relance/first-state';
import { nextSendTime, type NextOpenDay } from '@crm/relance/next-send-time';
import { migratedLevels } from '@crm/relance/migrate-relance';
import { nextSend, turnOf, type NextSend } from '@crm/relance/plan-next-send';
import type { Services } from '@crm/workers/clients';

type Kept = State & NextSend & { id: string; organisationId: string; clientId: string; version: number };
type Called = { metadata?: Record<string, string> };

/**
 * The relance service without its database and on another clock: it keeps rows in memory, and everything that is
 * decided or planned about them is decided by the service's own functions.
 */
export class RelancesInMemory {
  readonly rows = new Map<string, Kept>();
  /** What was recorded, in order. */
  readonly history: { invoiceId: string; action: ActionRelance; niveau: number; motif: string; at: Date }[] =
    [];
  private readonly turns = new Map<string, { envoi: string; at: Date }>();
  private readonly answered = new Map<string, Relance>();
  private readonly options: { now: () => Promise<Date>; nextOpenDay: NextOpenDay };
  /** The rules in force. */
  levels: Level[];

  constructor(options: { now: () => Promise<Date>; levels: Level[]; nextOpenDay: NextOpenDay }) {
    this.options = options;
    this.levels = options.levels;
  }

  /** As the workers call it. */
  readonly client = {
    get: async ({ id }: { id: string }) => this.toMessage(id, await this.options.now()),
    create: async (request: CreateRelanceRequest) => await this.create(request),
    recordProgress: async (request: Partial<RecordRelanceProgressRequest>, called: Called = {}) =>
      await this.recordProgress(request, called),
    reserveSend: async (request: { id: string; niveau: number }) => await this.reserveSend(request),
  } as unknown as Services['relances'];

  /** Keeps reminders as the service answered them. */
  keep(relance: Relance): void {
    const { invoiceId, prochaineAt, ...row } = relance;
    this.rows.set(invoiceId, { ...row, prochaineAt: prochaineAt ?? null, version: 1 });
    const sent = relance.niveaux.flatMap(({ envoyeeAt }) => (envoyeeAt ? [envoyeeAt] : [])).at(-1);
    if (sent) this.turns.set(relance.clientId, { envoi: '', at: sent });
  }

  private async create({ invoiceId, clientId, organisationId, adopteeAt, ...dates }: CreateRelanceRequest) {
    const now = await this.options.now();
    if (this.rows.has(invoiceId)) return this.toMessage(invoiceId, now);
    const state = await firstState(this.levels, dates, adopteeAt, this.options.nextOpenDay);
    const next = await this.plan(state, clientId, now);
    if (!this.rows.has(invoiceId)) {
      this.rows.set(invoiceId, {
        ...state,
        ...next,
        id: `r-${invoiceId}`,
        organisationId,
        clientId,
        version: 1,
      });
    }
    return this.toMessage(invoiceId, now);
  }

  private async recordProgress(request: Partial<RecordRelanceProgressRequest>, { metadata }: Called) {
    const key = metadata?.['idempotency-key'];
    const repeated = key && this.answered.get(key);
    if (repeated) return repeated;
    const invoiceId = request.id!;
    const row = this.row(invoiceId);
    const at = await this.options.now();
    const { action, niveau = 0, motif = '', pauseJusquAu = '' } = request;
    const moved = action === ActionRelance.MIGRATION && { niveaux: this.migrated(row, request, at) };
    const state = applyAction(row, { action: action!, niveau, motif, pauseJusquAu, ...moved }, at);
    if (state !== row) {
      const next = await this.plan(state, row.clientId, at);
      const now = this.row(invoiceId);
      if (now.version !== row.version)
        throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed');
      const turn = this.turns.get(row.clientId);
      if (action === ActionRelance.ENVOI && turn) turn.at = at;
      this.rows.set(invoiceId, { ...row, ...state, ...next, version: row.version + 1 });
      this.history.push({ invoiceId, action: action!, niveau, motif, at });
    }
    const answer = this.toMessage(invoiceId, at);
    if (key) this.answered.set(key, answer);
    return answer;
  }

  /** To all levels in force: single rules have no ids here. */
  private migrated(
    row: Kept,
    { dateFacture = '', dateEcheance = '', emiseAt }: Partial<RecordRelanceProgressRequest>,
    at: Date,
  ) {
    const target = { levels: this.levels, isSingle: false };
    const dates = { dateFacture, dateEcheance, emiseAt };
    return migratedLevels(row, target, this.turns.get(row.clientId), dates, at);
  }

  private async reserveSend({ id, niveau }: { id: string; niveau: number }) {
    const row = this.row(id);
    const level = nextLevel(row);
    if (hasEnded(row) || level?.niveau !== niveau) {
      throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is not the one that comes next`);
    }
    const envoi = turnOf(row, niveau);
    const last = this.turns.get(row.clientId);
    const others = last?.envoi === envoi ? undefined : last?.at;
    const now = await this.options.now();
    const at = await nextSendTime(now, level, others, this.options.nextOpenDay);
    if (at > now) {
      row.prochaineAt = at;
      return { accordee: false, relance: this.toMessage(id, now) };
    }
    this.turns.set(row.clientId, { envoi, at: now });
    return { accordee: true, relance: this.toMessage(id, now) };
  }

  private plan(state: State, clientId: string, now: Date): Promise<NextSend> {
    const lastSentAt = async () => this.turns.get(clientId)?.at;
    return nextSend(state, { now, lastSentAt, nextOpenDay: this.options.nextOpenDay });
  }

  private row(invoiceId: string): Kept {
    const row = this.rows.get(invoiceId);
    if (!row) throw notFound('relance', invoiceId);
    return row;
  }

  /** A pause is over on its day. */
  private toMessage(invoiceId: string, now: Date): Relance {
    const { prochaineAt, version: _, ...row } = this.row(invoiceId);
    const until = row.pauseJusquAu ? startOfDay(row.pauseJusquAu) : undefined;
    const isOver = row.statut === StatutRelance.EN_PAUSE && until !== undefined && until <= now;
    return Relance.fromPartial({
      ...row,
      invoiceId,
      ...(prochaineAt && { prochaineAt }),
      ...(until && { pauseFinAt: until }),
      ...(isOver && { statut: StatutRelance.EN_ATTENTE, pauseJusquAu: '' }),
    });
  }
}
