import { dateInParis } from '@crm/domain';
import {
  currentWork,
  failedPrecondition,
  invalid,
  orUndefined,
  type Call,
  type Connected,
  type Methods,
} from '@crm/kit';
import type { FollowUpStart, WorkflowCommands } from '@crm/kit/temporal';
import type { Mandate, MandateServiceService } from '@crm/proto/payments/payments';
import type { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { PaymentRetryInput } from '@crm/workflows/payment-retry';
import type { Order, RetryCommand } from '@crm/workflows/retry-commands';
import { countedFrom } from './decide.ts';
import { readMigration, type MigrationDeps } from './migrate-schedule.ts';
import { addDays, isPastLimit, replanAt, runNowAt } from './plan-retry.ts';
import { politiqueInForce, readPolitique } from './politique.ts';
import { ended, withTheBank } from './record-command.ts';
import { checkStopped, resumeAt } from './resume-schedule.ts';
import { LIVE, readSchedule, scheduleRow, type ScheduleRow } from './schedules.ts';

type Commands = Pick<
  Methods<typeof RetryAdminServiceService>,
  'cancelSchedule' | 'replanSchedule' | 'runNow' | 'resumeWithMandate' | 'migrateSchedule'
>;

/** The retries as the workers start them, told of every rejection before. */
function startOf(row: ScheduleRow): FollowUpStart {
  const { id: scheduleId, paymentId, clientId, invoiceId, organisationId, tentativeRejetee } = row;
  const correlationId = currentWork()?.correlationId ?? '';
  const ids = { paymentId, clientId, invoiceId, organisationId, correlationId };
  const input: PaymentRetryInput = { scheduleId, ...ids, told: { rejected: tentativeRejetee - 1 } };
  return {
    ...{ workflowType: 'paymentRetry', workflowId: retryWorkflowId(paymentId), args: [input] },
    ...{ eventType: 'payment.rejected', ids },
    summary: `Nouvelles présentations du paiement ${paymentId}, rejeté (${row.motifRejet})`,
  };
}

/**
 * What people tell a schedule to do: updates of the workflow that runs it, which records them with who and why.
 * @throws {RpcError} FAILED_PRECONDITION with the reason of a refusal; ALREADY_EXISTS where the key was another
 * request's; UNAVAILABLE
 */
export function commands(
  deps: MigrationDeps,
  mandats: Pick<Connected<typeof MandateServiceService>, 'get'>,
  temporal: WorkflowCommands,
): Commands {
  const { db, openDays } = deps;
  const tell = async (
    id: string,
    paymentId: string,
    name: RetryCommand['name'],
    command: Omit<Order, 'who'>,
    call: Call,
  ) => {
    await claim(id, call);
    const order: Order = { who: call.caller.sub, ...command };
    await temporal.update(retryWorkflowId(paymentId), name, [order], call.repeatId);
    return await readSchedule(db, id);
  };
  /**
   * Has the call's key stand for its request before anything is told: the same key with another one is ALREADY_EXISTS.
   * The answer that is kept with it is not used, the schedule is read anew.
   */
  const claim = (id: string, call: Call) =>
    call.once((tx) => readSchedule(tx, id), { idOf: (schedule) => schedule.id, read: readSchedule });
  /** The first answer's schedule, where the call repeats one that has had its effect. */
  const repeated = async (call: Call) => {
    const commandeId = call.repeatId;
    const done = commandeId && (await db.retryAudit.findFirst({ where: { commandeId } }));
    if (!done) return undefined;
    await claim(done.scheduleId, call);
    return await readSchedule(db, done.scheduleId);
  };
  /** Has the next attempt move to when `plan` says. */
  const move = async (
    request: { id: string; motif: string },
    call: Call,
    name: RetryCommand['name'],
    plan: (heureLimite: string, today: string, now: Date) => Promise<Date>,
  ) => {
    const first = await repeated(call);
    if (first) return first;
    const { id, paymentId, statut, ...row } = await scheduleRow(db, request.id);
    if (!LIVE.includes(statut)) throw ended();
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
    return await tell(id, paymentId, name, { why: request.motif, at: instant.toISOString() }, call);
  };
  return {
    async cancelSchedule(request, call) {
      const first = await repeated(call);
      if (first) return first;
      const { id, paymentId, statut } = await scheduleRow(db, request.id);
      if (!LIVE.includes(statut)) throw ended();
      return await tell(id, paymentId, 'cancel', { why: request.motif }, call);
    },
    replanSchedule: (request, call) =>
      move(request, call, 'replan', async (heureLimite, today, now) => {
        const { datePrevue } = request;
        if (datePrevue < today) throw invalid('datePrevue', 'lies in the past');
        return replanAt(datePrevue, now, heureLimite, await openDays([datePrevue, addDays(today, 1)]));
      }),
    runNow: (request, call) =>
      move(request, call, 'runNow', async (heureLimite, today, now) =>
        runNowAt(now, heureLimite, await openDays([today, addDays(today, 1)])),
      ),
    async migrateSchedule({ id: given, policyId, motif }, call) {
      const first = await repeated(call);
      if (first) return first;
      const row = await scheduleRow(db, given);
      if (!LIVE.includes(row.statut)) throw ended();
      // said before anything is told; the policies of when it is carried out have the last word
      await readMigration(deps, row, policyId);
      return await tell(row.id, row.paymentId, 'migrate', { why: motif, policyId }, call);
    },
    async resumeWithMandate({ id: given, mandatId, motif, datePrevue }, call) {
      const first = await repeated(call);
      if (first) return first;
      const row = await scheduleRow(db, given);
      checkStopped(row);
      const { id } = row;
      const politique = await politiqueInForce(db, row.organisationId);
      // one that nobody knows is refused by the workflow, with the others that cannot be taken
      const mandat = await orUndefined(mandats.get({ id: mandatId }));
      const noticeDays = mandat?.prenotificationJours ?? 0;
      const at = await resumeAt(datePrevue, noticeDays, politique, openDays, new Date());
      checkValid(mandat, at);
      await claim(id, call);
      const order: Order = { who: call.caller.sub, why: motif, at: at.toISOString(), mandatId };
      await temporal.updateWithStart(startOf(row), 'resume', [order], call.repeatId);
      return await readSchedule(db, id);
    },
  };
}

/** @throws {RpcError} FAILED_PRECONDITION MANDAT_CADUC: nothing was collected by the mandate for 36 months by then */
function checkValid(mandat: Pick<Mandate, 'id' | 'valideJusquAu'> | undefined, at: Date): void {
  if (!mandat || dateInParis(at) <= mandat.valideJusquAu) return;
  throw failedPrecondition(
    'MANDAT_CADUC',
    `mandatId: mandate ${mandat.id} may be used until ${mandat.valideJusquAu}: the debtor has to sign another one`,
  );
}
