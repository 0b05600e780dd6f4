import { addDays, dateInParis, retryDecision, staleCommand, unlessStale, type Users } from '@crm/domain';
import {
  failedPrecondition,
  invalid,
  orUndefined,
  type RpcError,
  type Call,
  type Connected,
  type Methods,
} from '@crm/kit';
import type { Mandate, MandateServiceService } from '@crm/proto/payments/payments';
import { StatutRetry, type RetryAdminServiceService, type RetrySchedule } from '@crm/proto/retry/retry';
import type { RetryCommand } from '@crm/workflows/retry-commands';
import { countedFrom } from './decide-rejection.ts';
import { readMigration, type MigrationDeps } from './migrate-schedule.ts';
import type { Orders, Said } from './order-retries.ts';
import { isPastLimit, replanAt, runNowAt } from './plan-retry.ts';
import { politiqueInForce, readPolitique } from './politique.ts';
import { ended, withTheBank } from './record-command.ts';
import { checkStopped, resumeAt } from './resume-schedule.ts';
import { LIVE, scheduleRow, type ScheduleRow } from './schedules.ts';

export type Commands = Pick<
  Methods<typeof RetryAdminServiceService>,
  'cancelSchedule' | 'replanSchedule' | 'runNow' | 'resumeWithMandate' | 'migrateSchedule'
>;

/** The services that commands ask. */
type Sources = {
  mandats: Pick<Connected<typeof MandateServiceService>, 'get'>;
  users: Users;
};

/** What every command's request says. */
type Asked = { id: string; motif: string; versionAttendue?: number | undefined };

/** The present state of a schedule in words. */
const STATES: Partial<Record<string, string>> = {
  [StatutRetry.PLANIFIE]: 'une présentation est prévue',
  [StatutRetry.EN_COURS]: 'une présentation est à la banque',
  [StatutRetry.ENCAISSE]: 'le paiement est encaissé',
  [StatutRetry.EPUISE]: 'il ne reste aucune présentation',
  [StatutRetry.ARRETE]: 'les présentations sont arrêtées',
};

/**
 * People's commands for a schedule: updates of its workflow, which records them with author and reason. A command
 * can say which version of the schedule the person has seen.
 * @param orders `orderRetries`, or `lookAtRetries`, which sends nothing
 * @throws {RpcError} FAILED_PRECONDITION with the reason of a refusal; ABORTED VERSION if the schedule has changed
 *   since; ALREADY_EXISTS if the key was used for another request; UNAVAILABLE
 */
export function commands(
  deps: MigrationDeps,
  { mandats, users }: Sources,
  { claim, order }: Orders,
): Commands {
  const { db, openDays } = deps;
  const stale = async (of: string, seen: number): Promise<RpcError> => {
    const { id: scheduleId, version, statut } = await scheduleRow(db, of);
    const lines = await db.retryAudit.findMany({
      where: { scheduleId, version: { gt: seen } },
      orderBy: { id: 'desc' },
    });
    const since = lines.map((line) => ({ ...line, quoi: retryDecision(line.action) }));
    return await staleCommand(users, { seen, version }, since, STATES[statut] ?? statut);
  };
  /**
   * A repeat of a command that was carried out is answered without checking it again: it could not be done
   * twice. The version is checked here, and again when the command is carried out, which is what counts.
   */
  const unlessDone =
    <Request extends Asked>(carryOut: (request: Request, call: Call) => Promise<RetrySchedule>) =>
    async (request: Request, call: Call) => {
      const commandeId = call.repeatId;
      const done = commandeId && (await db.retryAudit.findFirst({ where: { commandeId } }));
      if (done) return await claim(done.scheduleId, call);
      const { id, versionAttendue: version } = request;
      const now = async () => (await scheduleRow(db, id)).version;
      return await unlessStale({ version, now, stale: (seen) => stale(id, seen) }, () =>
        carryOut(request, call),
      );
    };
  const live = async (id: string): Promise<ScheduleRow> => {
    const row = await scheduleRow(db, id);
    if (!LIVE.includes(row.statut)) throw ended();
    return row;
  };
  /** Moves the next attempt to the instant that `plan` returns. */
  const move = async (
    request: Asked,
    call: Call,
    name: RetryCommand['name'],
    plan: (heureLimite: string, today: string, now: Date) => Promise<Date>,
  ) => {
    const row = await live(request.id);
    if (!row.prochaineAt) throw withTheBank();
    const rejet = { dateRejet: countedFrom(row), politique: readPolitique(row.politique) };
    const now = new Date();
    const instant = await plan(rejet.politique.heureLimite, dateInParis(now), now);
    if (isPastLimit(rejet, instant)) {
      throw failedPrecondition(
        'TROP_TARD',
        `${dateInParis(instant)} is more than ${rejet.politique.maxJoursTotal} days after the rejection`,
      );
    }
    return await order(row, name, { ...saidBy(request), at: instant.toISOString() }, call);
  };
  return {
    cancelSchedule: unlessDone(async (request, call) =>
      order(await live(request.id), 'cancel', saidBy(request), call),
    ),
    replanSchedule: unlessDone((request, call) =>
      move(request, call, 'replan', async (heureLimite, today, now) => {
        const { datePrevue } = request;
        assertComing(datePrevue, today);
        return replanAt(datePrevue, now, heureLimite, await openDays([datePrevue, addDays(today, 1)]));
      }),
    ),
    runNow: unlessDone((request, call) =>
      move(request, call, 'runNow', async (heureLimite, today, now) =>
        runNowAt(now, heureLimite, await openDays([today, addDays(today, 1)])),
      ),
    ),
    migrateSchedule: unlessDone(async ({ policyId, ...request }, call) => {
      const row = await live(request.id);
      // checked before the command is sent; the check that counts is made when it is carried out
      await readMigration(deps, row, policyId);
      return await order(row, 'migrate', { ...saidBy(request), policyId }, call);
    }),
    resumeWithMandate: unlessDone(async ({ mandatId, datePrevue, ...request }, call) => {
      const row = await scheduleRow(db, request.id);
      checkStopped(row);
      const politique = await politiqueInForce(db, row.organisationId);
      // the workflow refuses an unknown mandate, like others that cannot be used
      const mandat = await orUndefined(mandats.get({ id: mandatId }));
      const noticeDays = mandat?.prenotificationJours ?? 0;
      const at = await resumeAt(datePrevue, noticeDays, politique, openDays, new Date());
      checkValid(mandat, at);
      const said: Said = { ...saidBy(request), at: at.toISOString(), mandatId };
      return await order(row, 'resume', said, call);
    }),
  };
}

const saidBy = ({ motif, versionAttendue }: Asked): Said => ({
  why: motif,
  ...(versionAttendue !== undefined && { versionAttendue }),
});

/** @throws {RpcError} FAILED_PRECONDITION MANDAT_CADUC: by that day the mandate was not used for 36 months */
function checkValid(mandat: Pick<Mandate, 'id' | 'valideJusquAu'> | undefined, at: Date): void {
  if (!mandat || dateInParis(at) <= mandat.valideJusquAu) return;
  throw failedPrecondition(
    'MANDAT_CADUC',
    `mandatId: mandate ${mandat.id} may be used until ${mandat.valideJusquAu}: the debtor has to sign another one`,
  );
}

/** @throws {RpcError} INVALID_ARGUMENT: the day has passed */
export function assertComing(datePrevue: string, today: string): void {
  if (datePrevue < today) throw invalid('datePrevue', 'lies in the past');
}
