import { everyPage, formatEuros, isNotFound, orUndefined, dateInParis } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, Payment, PaymentServiceService } from '@crm/proto/payments/payments';
import { RetryAdminServiceService, type RetryPolicy } from '@crm/proto/retry/retry';
import { DEFAULT_POLITIQUE, fullPolitique, inForce, type FullPolitique } from '@crm/retry/politique';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { differences, type Line } from '../simulation/differences.ts';
import { readRetryPolicy } from '../simulation/read-retry-policy.ts';
import type { RetryEvent, RetryForesight, SimulatedRetries } from '../simulation/simulate-retries.ts';
import { withServices, type CallService } from './service-callers.ts';
import { ownDaysOf } from './simulate-invoice.ts';
import { endOf, type SimulateOptions as Options } from './simulate-options.ts';
import { local } from './words.ts';

/** Prints what a payment's retries will send and present, and what another policy would change. */
export async function simulatePayment(options: Options): Promise<void> {
  const policy = options.policy ? readRetryPolicy('--policy', options.policy) : undefined;
  const other = options.compare ? readRetryPolicy('--compare', options.compare) : undefined;
  const paidAtAttempt = options.paidAtAttempt ? Number(options.paidAtAttempt) : undefined;
  if (paidAtAttempt !== undefined && !(Number.isInteger(paidAtAttempt) && paidAtAttempt > 0))
    throw new PlainError(
      `--paid-at-attempt ${options.paidAtAttempt} is no number of an attempt: 1 is the first.`,
    );
  const simulated = { ...(options.payment ? await readPayment(options) : made(options)), paidAtAttempt };
  const { schedule, ...anew } = simulated;
  const { simulateRetries } = await import('../simulation/simulate-retries.ts');
  const run = async (more: Partial<SimulatedRetries>): Promise<RetryForesight> => {
    const from = dateInParis(more.schedule ? new Date() : anew.rejet.dateRejet);
    const foresight = await simulateRetries({ ...anew, ...more, until: endOf(options.until, from) });
    print(foresight, options.until, anew.payment.montant);
    return foresight;
  };
  const one = await run(policy ? { politique: policy } : { schedule });
  if (!other) return;
  // retries that run keep the policy they began with: another one would be that of new ones
  console.log(`\nAvec ${options.compare}:`);
  const two = await run({ politique: other });
  console.log('\nDifférence:');
  for (const line of differences(linesOf(one), linesOf(two))) console.log(line);
}

type Read = Omit<SimulatedRetries, 'until'>;

/** A payment that is not there. */
function made({ rejet, motif, montant = '' }: Options): Read {
  if (!/^[1-9]\d{0,14}$/.test(montant)) throw new PlainError(`--montant ${montant} is no amount in cents.`);
  const ids = { id: 'simulation', clientId: 'simulation', organisationId: 'default' };
  return {
    payment: Payment.fromPartial({ ...ids, montant: BigInt(montant), tentative: 1 }),
    client: { email: 'client@exemple.test', nom: '', prenom: '' } as Client,
    politique: DEFAULT_POLITIQUE,
    rejet: { motifRejet: motif, dateRejet: readInstant(rejet!) },
  };
}

/** A payment and what there is around it, as the services have it. */
const readPayment = ({ payment: id = '', rejet, motif }: Options): Promise<Read> =>
  withServices(async (call) => {
    const payment = await call('payments', PaymentServiceService)
      .get({ id })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new PlainError(`--payment ${id}: there is no such payment.`) : error;
      });
    const { organisationId, clientId, invoiceId, contratId } = payment;
    const kept = await orUndefined(call('retry', RetryAdminServiceService).getSchedule({ id }));
    const schedule = rejet ? undefined : kept;
    if (!rejet && !schedule)
      throw new PlainError(`--payment ${id} was not rejected: say when it would be, --rejet <date-time>.`);
    const dateRejet = schedule ? (schedule.repriseAt ?? schedule.dateRejet!) : readInstant(rejet!);
    const mandatId = schedule?.mandatId || payment.mandatId;
    const about = <T>(given: string, read: () => Promise<T>) =>
      given ? orUndefined(read()) : Promise.resolve(undefined);
    const client = await orUndefined(call('clients', ClientBaseServiceService).get({ id: clientId }));
    return {
      payment: schedule ? payment : { ...payment, tentative: payment.tentative || 1 },
      client: client ?? ({ email: '', nom: '', prenom: '' } as Client),
      invoice: await about(invoiceId, () => call('factures', InvoiceServiceService).get({ id: invoiceId })),
      contrat: await about(contratId, () => call('contrats', ContratServiceService).get({ id: contratId })),
      mandat: await about(mandatId, () => call('payments', MandateServiceService).get({ id: mandatId })),
      ownDays: await ownDaysOf(call, organisationId, dateInParis(dateRejet)),
      politique: schedule
        ? fullPolitique(schedule.politique, 'politique')
        : await policyOf(call, organisationId),
      schedule,
      // what another mandate has answered is not why its own debits are rejected
      rejet: { motifRejet: (!schedule?.repriseAt && schedule?.motifRejet) || motif, dateRejet },
    };
  });

/** The policy in force, as the service has it. */
export async function policyOf(call: CallService, organisationId: string): Promise<FullPolitique> {
  const retries = call('retry', RetryAdminServiceService);
  for (const whose of new Set([organisationId, 'default'])) {
    const rows: RetryPolicy[] = [];
    for await (const page of everyPage((at) => retries.listPolicies({ organisationId: whose, ...at })))
      rows.push(...page.policies);
    const row = inForce(rows);
    if (row) return fullPolitique(row.politique, 'politique');
  }
  return DEFAULT_POLITIQUE;
}

function print({ events, end }: RetryForesight, until: string, montant: bigint): void {
  for (const one of events) console.log(describe(one, montant));
  if (events.length === 0) console.log(`Rien d’ici au ${until}.`);
  console.log(
    end ? `Fin le ${local(end.at)}: ${end.statut}, ${end.motifFin}.` : `Pas encore terminé le ${until}.`,
  );
}

/** "2026-03-09 10:00  présentation n° 1, 750,00 €: rejet du 2026-03-02 + 5 jours à 10:00, reporté …". */
function describe(one: RetryEvent, montant: bigint): string {
  const { at, what, why } = one;
  const more = {
    mail: '',
    présentation: `, ${formatEuros(montant)}: ${why}`,
    rejet: `, ${why}`,
    encaissement: `, ${why}`,
  };
  return `${local(at)}  ${whatOf(one)}${more[what]}`;
}

function whatOf({ what, numero, why }: RetryEvent): string {
  if (what === 'mail') return `mail ${why}, présentation n° ${numero}`;
  return what === 'présentation' ? `présentation n° ${numero}` : `${what} de la présentation n° ${numero}`;
}

const linesOf = ({ events }: RetryForesight): Line[] =>
  events.map((one) => ({ key: whatOf(one), text: `${local(one.at)}  ${whatOf(one)}` }));

/** An instant, or a local date and time in Paris. */
function readInstant(given: string): Date {
  for (const read of [
    () => Temporal.Instant.from(given),
    () => Temporal.PlainDateTime.from(given).toZonedDateTime('Europe/Paris'),
  ]) {
    try {
      return new Date(read().epochMilliseconds);
    } catch {
      // told below
    }
  }
  throw new PlainError(
    `--rejet ${given} is no date and time: say 2026-03-02T13:30, of Paris, or …T12:30:00Z.`,
  );
}
