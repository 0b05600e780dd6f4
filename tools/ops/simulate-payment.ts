import { isNotFound } from '@crm/kit';
import {
  PaiementSimule,
  RetryAdminServiceService,
  StatutRetry,
  type Politique,
  type SimulateRetriesRequest,
} from '@crm/proto/retry/retry';
import { PlainError } from '../plain-error.ts';
import { differences, type Line } from './differences.ts';
import { inFlags } from './in-flags.ts';
import { readRetryPolicy } from './read-policy.ts';
import { describeRetry, whatOf } from './retry-in-words.ts';
import { withServices } from './service-callers.ts';
import { centsOf, endOf, lastDay, readInstant, type SimulateOptions as Options } from './simulate-options.ts';
import { local } from './words.ts';

/** Prints what a payment's retries will do, and what another policy would change, as the retry service foresees it. */
export async function simulatePayment(options: Options): Promise<void> {
  const { payment: id = '', motif: motifRejet, paidAtAttempt, org: organisationId = '' } = options;
  const policy = options.policy ? readRetryPolicy('--policy', options.policy) : undefined;
  const other = options.compare ? readRetryPolicy('--compare', options.compare) : undefined;
  const retry = paidAtAttempt === undefined ? 0 : Number(paidAtAttempt);
  if (paidAtAttempt !== undefined && !(Number.isInteger(retry) && retry > 0))
    throw new PlainError(
      `--paid-at-attempt ${paidAtAttempt} is not the number of an attempt: 1 is the first.`,
    );
  const until = lastDay(options.until);
  const dateRejet = options.rejet ? readInstant(options.rejet) : undefined;
  const montant = id ? 0n : centsOf(options);
  await withServices(async (call) => {
    const run = async (politique: Politique | undefined): Promise<PaiementSimule> => {
      const request: Partial<SimulateRetriesRequest> = {
        ...{ paiements: [{ id, montant, organisationId, dateRejet }], motifRejet, politique },
        // the payment's first attempt is not a retry
        ...{ encaissee: retry > 0 ? retry + 1 : 0, jusquA: endOf(until) },
      };
      const { paiements } = await call('retry', RetryAdminServiceService)
        .simulate(request)
        .catch((error: unknown) => {
          if (isNotFound(error)) throw new PlainError(`--payment ${id}: there is no such payment.`);
          return inFlags(error, {
            'paiements[0].dateRejet': options.rejet
              ? `--rejet ${options.rejet}`
              : `--payment ${id}: say when it would be rejected, --rejet <date-time>`,
            'paiements[0].montant': '--montant',
            politique: politique === other ? `--compare ${options.compare}` : `--policy ${options.policy}`,
            motifRejet: `--motif ${motifRejet}`,
            encaissee: '--paid-at-attempt',
            jusquA: '--until',
          });
        });
      print(paiements[0]!, until, options);
      return paiements[0]!;
    };
    const one = await run(policy);
    if (!other) return;
    if (!options.json) console.log(`\nAvec ${options.compare}:`);
    const two = await run(other);
    if (options.json) return;
    console.log('\nDifférence:');
    for (const line of differences(linesOf(one), linesOf(two))) console.log(line);
  });
}

function print(simule: PaiementSimule, until: string, { json }: Options): void {
  if (json) return console.log(JSON.stringify(PaiementSimule.toJSON(simule)));
  const { evenements, montant, statut, motifFin, finAt } = simule;
  for (const one of evenements) console.log(describeRetry(one, montant));
  if (evenements.length === 0) console.log(`Rien d’ici au ${until}.`);
  const isOver = statut !== StatutRetry.UNSPECIFIED;
  console.log(
    isOver ? `Fin le ${local(finAt!)}: ${statut}, ${motifFin}.` : `Pas encore terminé le ${until}.`,
  );
}

const linesOf = ({ evenements }: PaiementSimule): Line[] =>
  evenements.map((one) => ({ key: whatOf(one), text: `${local(one.at!)}  ${whatOf(one)}` }));
