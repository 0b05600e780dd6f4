import type { Db } from '@crm/db';
import { obstacleTo, reasonNotToMail, type Obstacle, type TruthSources } from '@crm/domain';
import {
  invalidFields,
  notFoundFields,
  orUndefined,
  remembered,
  RpcError,
  type FieldFault,
  type Methods,
  organisationOrDefault,
} from '@crm/kit';
import type { Payment } from '@crm/proto/payments/payments';
import {
  PaiementSimule,
  StatutTentative,
  type PaiementASimuler,
  type RetryAdminServiceService,
  type RetrySchedule,
  type SimulateRetriesRequest,
} from '@crm/proto/retry/retry';
import { codeOf } from './eligibilite.ts';
import { foreseeRetries, type SimulatedRetries } from './foresee-retries.ts';
import { migratedSchedule, type MigrationDeps } from './migrate-schedule.ts';
import { rememberedDays } from './open-days.ts';
import { fullPolitique, politiqueInForce, readPolitique, type FullPolitique } from './politique.ts';
import { LIVE, withAttempts, type ScheduleRow } from './schedules.ts';

/** The usual reason of a rejection: insufficient funds. */
const USUAL_MOTIF = 'AM04';
/** How many payments are read at the same time. */
const AT_ONCE = 8;

/** A payment as it is now, and its retries. */
type Read = { payment: Payment; row?: ScheduleRow | undefined; schedule?: RetrySchedule | undefined };

type Moved = { schedule: RetrySchedule | undefined; obstacle?: string };

/**
 * Foresees the retries of payments (`foresee-retries.ts`), by their policy or by another one. What prevents a debit is
 * read from the other services, as the caller.
 * @throws {RpcError} INVALID_ARGUMENT, all faults at once; NOT_FOUND naming the payments; FAILED_PRECONDITION: a single
 *   payment cannot move to the policy
 */
export function simulateRetries(
  { db, ...deps }: MigrationDeps,
  sources: TruthSources,
): Methods<typeof RetryAdminServiceService>['simulate'] {
  return async (request, { signal }) => {
    const classeOf = remembered(deps.classeOf);
    const openDays = rememberedDays(deps.openDays);
    const politique = assertSensible(request);
    const paiements = await readPaiements(db, sources, request.paiements);
    const inForce = remembered((organisationId: string) => politiqueInForce(db, organisationId));
    const now = new Date();
    const motif = codeOf(request.motifRejet) || USUAL_MOTIF;
    const until = request.jusquA!;

    const simulate = async (asked: PaiementASimuler, index: number): Promise<PaiementSimule> => {
      signal.throwIfAborted();
      const { payment, row, schedule } = paiements[index]!;
      const { id, montant, organisationId, clientId } = payment;
      const isLive = schedule !== undefined && LIVE.includes(schedule.statut);
      const moved: Moved = politique && isLive ? await move(row!, schedule, politique) : { schedule };
      const client = id && clientId ? await orUndefined(sources.clients.get({ id: clientId })) : undefined;
      const simulated: SimulatedRetries = {
        payment: { ...payment, tentative: payment.tentative || 1 },
        obstacle: id ? await truth(payment, schedule) : undefined,
        sansMail: !id ? '' : client ? reasonNotToMail(client) : 'le client n’existe pas',
        politique: politique ?? (isLive ? readPolitique(schedule.politique) : await inForce(organisationId)),
        schedule: moved.schedule,
        ...(!isLive && { dateRejet: asked.dateRejet }),
        // the reason that a new mandate has resolved is not a reason for that mandate's debits
        motifRejet: (isLive && !schedule.repriseAt && schedule.motifRejet) || motif,
        encaissee: request.encaissee,
        now,
      };
      const { events, end } = await foreseeRetries({ classeOf, openDays }, simulated);
      return PaiementSimule.fromPartial({
        ...{ id, montant, obstacle: moved.obstacle ?? '' },
        evenements: events.filter(({ at }) => at! <= until),
        ...(end.at <= until && { statut: end.statut as never, motifFin: end.motifFin, finAt: end.at }),
      });
    };

    /** The schedule by the other policy; as it is, with the reason, if it cannot move. */
    const move = async (row: ScheduleRow, schedule: RetrySchedule, to: FullPolitique): Promise<Moved> => {
      try {
        const { tentatives } = await migratedSchedule(
          { classeOf, openDays },
          row,
          schedule.tentatives,
          to,
          now,
        );
        const planned = tentatives.map((one) => ({ ...one, statut: StatutTentative.PREVUE }));
        const made = schedule.tentatives.filter(({ statut }) => statut !== StatutTentative.PREVUE);
        const isPlanned = schedule.prochaineAt !== undefined && tentatives[0];
        const next = isPlanned ? { prochaineAt: tentatives[0]!.datePrevue } : {};
        const all = [...made, ...planned] as RetrySchedule['tentatives'];
        return { schedule: { ...schedule, ...next, politique: to, tentatives: all } };
      } catch (error) {
        if (!(error instanceof RpcError) || request.paiements.length === 1) throw error;
        return { schedule, obstacle: error.message };
      }
    };
    const truth = (payment: Payment, schedule: RetrySchedule | undefined): Promise<Obstacle | undefined> => {
      const payments = { get: async () => payment };
      return obstacleTo({ ...sources, payments }, payment.id, {}, schedule?.mandatId);
    };

    const simules: PaiementSimule[] = [];
    for (let at = 0; at < request.paiements.length; at += AT_ONCE) {
      const some = request.paiements.slice(at, at + AT_ONCE);
      simules.push(...(await Promise.all(some.map((asked, index) => simulate(asked, at + index)))));
    }
    return { paiements: simules };
  };
}

/** @throws {RpcError} INVALID_ARGUMENT naming each field at fault */
function assertSensible({ paiements, politique }: SimulateRetriesRequest): FullPolitique | undefined {
  const faults: FieldFault[] = paiements.flatMap(({ id, dateRejet, montant }, index) => [
    ...(!id && !dateRejet
      ? [{ field: `paiements[${index}].dateRejet`, description: 'must say when it is rejected' }]
      : []),
    ...(id && montant > 0n
      ? [{ field: `paiements[${index}].montant`, description: 'is only for a payment that does not exist' }]
      : []),
  ]);
  const { delaisJours = [] } = politique ?? {};
  if (delaisJours.some((days, i) => i > 0 && days <= delaisJours[i - 1]!))
    faults.push({ field: 'politique.delaisJours', description: 'must ascend' });
  if (faults.length > 0) throw invalidFields(faults);
  return politique && fullPolitique(politique, 'politique');
}

/** Reads payments and their schedules. @throws {RpcError} NOT_FOUND; INVALID_ARGUMENT `dateRejet` */
async function readPaiements(db: Db, sources: TruthSources, asked: PaiementASimuler[]): Promise<Read[]> {
  const ids = asked.flatMap(({ id }) => (id ? [id] : []));
  const rows = await db.retrySchedule.findMany({ where: { paymentId: { in: ids } } });
  const schedules = await withAttempts(db, rows);
  const read: (Read | undefined)[] = [];
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const some = asked.slice(at, at + AT_ONCE).map(async ({ id, montant, organisationId }) => {
      if (!id) {
        const supposed = { id, montant: montant || 100_000n, tentative: 1 };
        return { payment: { ...supposed, organisationId: organisationOrDefault(organisationId) } as Payment };
      }
      const payment = await orUndefined(sources.payments.get({ id }));
      const index = rows.findIndex(({ paymentId }) => paymentId === id);
      return payment && { payment, row: rows[index], schedule: schedules[index] };
    });
    read.push(...(await Promise.all(some)));
  }
  const missing = asked.flatMap(({ id }, index) =>
    read[index] ? [] : [{ field: `paiements[${index}].id`, entity: 'payment', id }],
  );
  if (missing.length > 0) throw notFoundFields(missing);
  const faults = asked.flatMap(({ dateRejet }, index) => {
    return dateRejet || read[index]!.schedule
      ? []
      : [{ field: `paiements[${index}].dateRejet`, description: 'is required: it was not rejected' }];
  });
  if (faults.length > 0) throw invalidFields(faults);
  return read as Read[];
}
