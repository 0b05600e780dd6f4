import { dateInParis, PARIS } from '@crm/domain';
import { isNotFound, orUndefined } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import { Payment, PaymentServiceService } from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { DEFAULT_POLITIQUE } from '@crm/retry/politique';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { differences, type Line } from '../simulation/differences.ts';
import { readRetryPolicy } from '../simulation/read-policy.ts';
import {
  simulateRetries,
  type RetryForesight,
  type SimulatedRetries,
} from '../simulation/simulate-retries.ts';
import { readRetries, type ReadRetries } from './read-retries.ts';
import { describeRetry, whatOf } from './retry-in-words.ts';
import { withServices } from './service-callers.ts';
import { centsOf, endOf, type SimulateOptions as Options } from './simulate-options.ts';
import { local } from './words.ts';

/** Prints what a payment's retries will do, and what another policy would change. */
export async function simulatePayment(options: Options): Promise<void> {
  const policy = options.policy ? readRetryPolicy('--policy', options.policy) : undefined;
  const other = options.compare ? readRetryPolicy('--compare', options.compare) : undefined;
  const paidAtAttempt = options.paidAtAttempt ? Number(options.paidAtAttempt) : undefined;
  if (paidAtAttempt !== undefined && !(Number.isInteger(paidAtAttempt) && paidAtAttempt > 0))
    throw new PlainError(
      `--paid-at-attempt ${options.paidAtAttempt} is not the number of an attempt: 1 is the first.`,
    );
  const simulated = { ...(options.payment ? await readPayment(options) : made(options)), paidAtAttempt };
  const { schedule, ...anew } = simulated;
  const run = async (more: Partial<SimulatedRetries>): Promise<RetryForesight> => {
    const from = dateInParis(more.schedule ? new Date() : anew.rejet.dateRejet);
    const foresight = await simulateRetries({ ...anew, ...more, until: endOf(options.until, from) });
    print(foresight, options.until, anew.payment.montant);
    return foresight;
  };
  const one = await run(policy ? { politique: policy } : { schedule });
  if (!other) return;
  // running retries keep their policy: the other one would apply to new ones
  console.log(`\nAvec ${options.compare}:`);
  const two = await run({ politique: other });
  console.log('\nDifférence:');
  for (const line of differences(linesOf(one), linesOf(two))) console.log(line);
}

/** A payment that does not exist. */
function made({ rejet, motif, ...options }: Options): ReadRetries {
  const ids = { id: 'simulation', clientId: 'simulation', organisationId: 'default' };
  return {
    payment: Payment.fromPartial({ ...ids, montant: centsOf(options), tentative: 1 }),
    client: { email: 'client@exemple.test', nom: '', prenom: '' } as Client,
    politique: DEFAULT_POLITIQUE,
    rejet: { motifRejet: motif, dateRejet: readInstant(rejet!) },
  };
}

/** Reads a payment and its surroundings from the services. */
const readPayment = ({ payment: id = '', rejet, motif }: Options): Promise<ReadRetries> =>
  withServices(async (call) => {
    const payment = await call('payments', PaymentServiceService)
      .get({ id })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new PlainError(`--payment ${id}: there is no such payment.`) : error;
      });
    const begun = rejet
      ? readInstant(rejet)
      : await orUndefined(call('retry', RetryAdminServiceService).getSchedule({ id }));
    if (!begun)
      throw new PlainError(`--payment ${id} was not rejected: say when it would be, --rejet <date-time>.`);
    return await readRetries(call, payment, motif, begun);
  });

function print({ events, end }: RetryForesight, until: string, montant: bigint): void {
  for (const one of events) console.log(describeRetry(one, montant));
  if (events.length === 0) console.log(`Rien d’ici au ${until}.`);
  console.log(
    end ? `Fin le ${local(end.at)}: ${end.statut}, ${end.motifFin}.` : `Pas encore terminé le ${until}.`,
  );
}

const linesOf = ({ events }: RetryForesight): Line[] =>
  events.map((one) => ({ key: whatOf(one), text: `${local(one.at)}  ${whatOf(one)}` }));

/** An instant, or a local date and time in Paris. */
function readInstant(given: string): Date {
  for (const read of [
    () => Temporal.Instant.from(given),
    () => Temporal.PlainDateTime.from(given).toZonedDateTime(PARIS),
  ]) {
    try {
      return new Date(read().epochMilliseconds);
    } catch {
      // the error is thrown below
    }
  }
  throw new PlainError(
    `--rejet ${given} is no date and time: say 2026-03-02T13:30, of Paris, or …T12:30:00Z.`,
  );
}
