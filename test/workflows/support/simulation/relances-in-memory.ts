import { startOfDay } from '@crm/domain';
import { notFound, unavailable } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import type { CouvertureFacture } from '@crm/proto/payments/payments';
import {
  ActionRelance,
  Relance,
  StatutRelance,
  type CreateRelanceRequest,
  type RecordRelanceProgressRequest,
  type ReserveSendRequest,
} from '@crm/proto/relance/relance';
import { applyAction, hasEnded, type State } from '@crm/relance/apply-action';
import type { AttenteRow } from '@crm/relance/attente-rows';
import { currentPlan } from '@crm/relance/current-plan';
import { decideSend, takesTurn } from '@crm/relance/decide-send';
import type { InvoiceDates, Level } from '@crm/relance/due-at';
import { firstState } from '@crm/relance/first-state';
import { held, type Held } from '@crm/relance/held-back';
import { migrateLevels } from '@crm/relance/migrate-levels';
import type { NextOpenDay } from '@crm/relance/next-send-time';
import { nextSend, turnOf, type NextSend } from '@crm/relance/plan-next-send';
import type { Services } from '@crm/workers/clients';

type Kept = State &
  NextSend & { id: string; organisationId: string; invoiceId: string; clientId: string; version: number };
type Called = { metadata?: Record<string, string> };

type Options = {
  now: () => Promise<Date>;
  nextOpenDay: NextOpenDay;
  /** An invoice as it is now. */
  invoiceOf: (id: string) => (Invoice & InvoiceDates) | undefined;
  clientOf: (id: string) => Client | undefined;
  /** What debits under way take of an invoice. Undefined: none. */
  coverOf: (id: string) => CouvertureFacture | undefined;
};

/**
 * The relance service without its database and on another clock: it keeps rows in memory, and everything that is
 * decided or planned about them is decided by the service's own functions.
 */
export class RelancesInMemory {
  readonly rows = new Map<string, Kept>();
  /** What was recorded, in order. */
  readonly history: { invoiceId: string; action: ActionRelance; niveau: number; motif: string; at: Date }[] =
    [];
  private readonly turns = new Map<string, { envoi: string; dernierAt: Date }>();
  private readonly answered = new Map<string, Relance>();
  private readonly options: Options;
  /** The rules in force. */
  levels: Level[];
  /** The holds in force. */
  holds: AttenteRow[] = [];

  constructor(options: Options & { levels: Level[] }) {
    this.options = options;
    this.levels = options.levels;
  }

  /** As the workers call it. */
  readonly client = {
    get: async ({ id }: { id: string }) => this.toMessage(id, await this.options.now()),
    create: async (request: CreateRelanceRequest) => await this.create(request),
    recordProgress: async (request: Partial<RecordRelanceProgressRequest>, called: Called = {}) =>
      await this.recordProgress(request, called),
    replanifier: async ({ id }: { id: string }) => await this.replanifier(id),
    reserveSend: async (request: ReserveSendRequest) => await this.reserveSend(request),
  } as unknown as Services['relances'];

  /** Keeps reminders as the service answered them. */
  keep(relance: Relance): void {
    const { prochaineAt, ...row } = relance;
    this.rows.set(row.invoiceId, { ...row, prochaineAt: prochaineAt ?? null, version: 1 });
    const sent = relance.niveaux.flatMap(({ envoyeeAt }) => (envoyeeAt ? [envoyeeAt] : [])).at(-1);
    if (sent) this.turns.set(relance.clientId, { envoi: '', dernierAt: sent });
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
        invoiceId,
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
    const row = this.rowOf(request.id!);
    const { invoiceId } = row;
    const at = await this.options.now();
    const { action, niveau = row.prochainNiveau, motif = '', pauseJusquAu = '' } = request;
    const moved = action === ActionRelance.MIGRATION && { niveaux: this.migrated(row, request) };
    const state = applyAction(row, { action: action!, niveau, motif, pauseJusquAu, ...moved }, at);
    if (state !== row) {
      const next = await this.plan(state, row.clientId, at);
      const now = this.row(invoiceId);
      if (now.version !== row.version)
        throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed');
      const turn = this.turns.get(row.clientId);
      const level = row.niveaux.find((one) => one.niveau === niveau);
      const isContact =
        action === ActionRelance.ENVOI ||
        (action === ActionRelance.TACHE_RELANCE && level && takesTurn(level, 'tache'));
      if (isContact && turn) turn.dernierAt = at;
      this.rows.set(invoiceId, { ...row, ...state, ...next, version: row.version + 1 });
      this.history.push({ invoiceId, action: action!, niveau, motif, at });
      if (this.holds.length > 0 && !hasEnded(state)) await this.refresh(this.row(invoiceId), at);
    }
    const answer = this.toMessage(invoiceId, at);
    if (key) this.answered.set(key, answer);
    return answer;
  }

  /** To all levels in force: single rules have no ids here. */
  private migrated(
    row: Kept,
    { dateFacture = '', dateEcheance = '', emiseAt }: Partial<RecordRelanceProgressRequest>,
  ) {
    const target = { levels: this.levels, isSingle: false };
    const dates = { dateFacture, dateEcheance, emiseAt };
    return migrateLevels(row.niveaux, target, dates);
  }

  /** The client's last reminder. */
  readonly turnOf = (clientId: string) => this.turns.get(clientId);

  /** What holds and debits hold back. A promise ends when it is to be judged, kept or not. */
  private held(row: Kept, now: Date): Held {
    this.holds = this.holds.filter(({ jugementAt }) => !jugementAt || jugementAt > now);
    return held(row, this.holds, this.options.coverOf(row.invoiceId));
  }

  /** By what is true now. */
  private async refresh(row: Kept, now: Date): Promise<void> {
    const turn = this.turns.get(row.clientId);
    const { nextOpenDay, invoiceOf } = this.options;
    const truth = { invoice: invoiceOf(row.invoiceId), ...this.held(row, now), now, turn, nextOpenDay };
    const plan = await currentPlan(row, truth);
    if (this.row(row.invoiceId) !== row)
      throw unavailable('RELANCE_CHANGED', 'the reminders have just been changed');
    if (plan.niveaux !== row.niveaux) {
      row.version += 1;
      const { invoiceId } = row;
      this.history.push({
        invoiceId,
        action: ActionRelance.ECHEANCE_MODIFIEE,
        niveau: 0,
        motif: '',
        at: now,
      });
    }
    const { niveaux, prochainNiveau, prochaineAt } = plan;
    Object.assign(row, { niveaux, prochainNiveau, prochaineAt });
  }

  private async replanifier(id: string) {
    const row = this.rowOf(id);
    const now = await this.options.now();
    if (!hasEnded(row)) await this.refresh(row, now);
    return this.toMessage(row.invoiceId, now);
  }

  private async reserveSend({ id, niveau }: ReserveSendRequest) {
    const row = this.rowOf(id);
    const now = await this.options.now();
    const relance = () => this.toMessage(row.invoiceId, now);
    if (hasEnded(row)) return { accordee: false, relance: relance() };
    await this.refresh(row, now);
    const invoice = this.options.invoiceOf(row.invoiceId);
    if (!invoice) throw notFound('invoice', row.invoiceId);
    const client = this.options.clientOf(row.clientId);
    const acte = decideSend({ row, invoice, client, held: this.held(row, now), now }, niveau);
    const level = row.niveaux.find((one) => one.niveau === niveau);
    if (acte && level && acte.$case !== 'solde' && takesTurn(level, acte.$case))
      this.turns.set(row.clientId, { envoi: turnOf(row, niveau), dernierAt: now });
    return { accordee: acte !== undefined && acte.$case !== 'solde', relance: relance(), acte };
  }

  private plan(state: State, clientId: string, now: Date): Promise<NextSend> {
    const lastSentAt = async () => this.turns.get(clientId)?.dernierAt;
    return nextSend(state, { now, lastSentAt, nextOpenDay: this.options.nextOpenDay });
  }

  /** By its own id or its invoice's. */
  private rowOf(id: string): Kept {
    return [...this.rows.values()].find((row) => row.id === id) ?? this.row(id);
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
