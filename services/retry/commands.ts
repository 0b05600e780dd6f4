import { addDays, dateInParis } from '@crm/domain';
import {
  currentWork,
  failedPrecondition,
  invalid,
  orUndefined,
  type Call,
  type Connected,
  type Methods,
} from '@crm/kit';
import { followUpTeller, type WorkflowCommands } from '@crm/kit/temporal';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { Mandate, MandateServiceService } from '@crm/proto/payments/payments';
import type { RetryAdminServiceService, RetrySchedule } from '@crm/proto/retry/retry';
import { startOfRetries } from '@crm/workflows/follow-up-starts';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { Order, RetryCommand } from '@crm/workflows/retry-commands';
import { countedFrom } from './decide-rejection.ts';
import { readMigration, type MigrationDeps } from './migrate-schedule.ts';
import { isPastLimit, replanAt, runNowAt } from './plan-retry.ts';
import { politiqueInForce, readPolitique } from './politique.ts';
import { ended, withTheBank } from './record-command.ts';
import { checkStopped, resumeAt } from './resume-schedule.ts';
import { LIVE, scheduleRepeat, scheduleRow, type ScheduleRow } from './schedules.ts';

type Commands = Pick<
  Methods<typeof RetryAdminServiceService>,
  'cancelSchedule' | 'replanSchedule' | 'runNow' | 'resumeWithMandate' | 'migrateSchedule'
>;

/** The services that commands ask. */
type Sources = {
  mandats: Pick<Connected<typeof MandateServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
};

/** The content of a command without its author. */
type Said = Omit<Order, 'who'>;

/**
 * People's commands for a schedule: updates of its workflow, which records them with author and reason.
 * @throws {RpcError} FAILED_PRECONDITION with the reason of a refusal; ALREADY_EXISTS if the key was used for
 *   another request; UNAVAILABLE
 */
export function commands(
  deps: MigrationDeps,
  { mandats, factures }: Sources,
  temporal: WorkflowCommands,
): Commands {
  const { db, openDays } = deps;
  const numeroOf = async (id: string) => (id ? (await orUndefined(factures.get({ id })))?.numero : undefined);
  const { tell, claim } = followUpTeller(db, temporal, scheduleRepeat);
  const order = ({ id, paymentId }: ScheduleRow, name: RetryCommand['name'], said: Said, call: Call) => {
    const revive = async () => {
      // read again: only retries that have not ended may run again, or those that this command continues
      const row = await scheduleRow(db, id);
      const goesOn = LIVE.includes(row.statut);
      if (!goesOn && name !== 'resume') return undefined;
      const correlationId = currentWork()?.correlationId ?? '';
      const numero = await numeroOf(row.invoiceId);
      // of what ended, the client was told at its end
      const told = goesOn ? undefined : { rejected: row.tentativeRejetee - 1 };
      return startOfRetries(row, { correlationId, numero, ...(told && { told }) });
    };
    return tell(id, { workflowId: retryWorkflowId(paymentId), revive }, name, said, call);
  };
  /**
   * A repeat of a command that was carried out is answered without checking it again: it could not be done
   * twice.
   */
  const unlessDone =
    <Request>(carryOut: (request: Request, call: Call) => Promise<RetrySchedule>) =>
    async (request: Request, call: Call) => {
      const commandeId = call.repeatId;
      const done = commandeId && (await db.retryAudit.findFirst({ where: { commandeId } }));
      return done ? await claim(done.scheduleId, call) : await carryOut(request, call);
    };
  const live = async (id: string): Promise<ScheduleRow> => {
    const row = await scheduleRow(db, id);
    if (!LIVE.includes(row.statut)) throw ended();
    return row;
  };
  /** Moves the next attempt to the instant that `plan` returns. */
  const move = async (
    request: { id: string; motif: string },
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
    return await order(row, name, { why: request.motif, at: instant.toISOString() }, call);
  };
  return {
    cancelSchedule: unlessDone(async ({ id, motif }, call) =>
      order(await live(id), 'cancel', { why: motif }, call),
    ),
    replanSchedule: unlessDone((request, call) =>
      move(request, call, 'replan', async (heureLimite, today, now) => {
        const { datePrevue } = request;
        if (datePrevue < today) throw invalid('datePrevue', 'lies in the past');
        return replanAt(datePrevue, now, heureLimite, await openDays([datePrevue, addDays(today, 1)]));
      }),
    ),
    runNow: unlessDone((request, call) =>
      move(request, call, 'runNow', async (heureLimite, today, now) =>
        runNowAt(now, heureLimite, await openDays([today, addDays(today, 1)])),
      ),
    ),
    migrateSchedule: unlessDone(async ({ id, policyId, motif }, call) => {
      const row = await live(id);
      // checked before the command is sent; the check that counts is made when it is carried out
      await readMigration(deps, row, policyId);
      return await order(row, 'migrate', { why: motif, policyId }, call);
    }),
    resumeWithMandate: unlessDone(async ({ id, mandatId, motif, datePrevue }, call) => {
      const row = await scheduleRow(db, id);
      checkStopped(row);
      const politique = await politiqueInForce(db, row.organisationId);
      // the workflow refuses an unknown mandate, like others that cannot be used
      const mandat = await orUndefined(mandats.get({ id: mandatId }));
      const noticeDays = mandat?.prenotificationJours ?? 0;
      const at = await resumeAt(datePrevue, noticeDays, politique, openDays, new Date());
      checkValid(mandat, at);
      const said: Said = { why: motif, at: at.toISOString(), mandatId };
      return await order(row, 'resume', said, call);
    }),
  };
}

/** @throws {RpcError} FAILED_PRECONDITION MANDAT_CADUC: by that day the mandate was not used for 36 months */
function checkValid(mandat: Pick<Mandate, 'id' | 'valideJusquAu'> | undefined, at: Date): void {
  if (!mandat || dateInParis(at) <= mandat.valideJusquAu) return;
  throw failedPrecondition(
    'MANDAT_CADUC',
    `mandatId: mandate ${mandat.id} may be used until ${mandat.valideJusquAu}: the debtor has to sign another one`,
  );
}
