import { organisationOrDefault } from '@crm/kit';
import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import { Eligibilite, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import { codeOf, eligibiliteOf, type ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { assertPlannable, daysToAsk, planRetries } from './plan-retry.ts';
import { fullPolitique, politiqueInForce } from './politique.ts';

/**
 * Computes what a policy does with a rejection, with the function that plans schedules.
 * @throws {RpcError} INVALID_ARGUMENT naming the policy's field, `dateRejet` or `rejetsSuivants`; UNAVAILABLE
 */
export function previewRetry(
  db: Db,
  classeOf: ClasseOf,
  openDays: OpenDays,
): Methods<typeof RetryAdminServiceService>['previewRetry'] {
  return async ({ motifRejet, dateRejet, policy, organisationId, rejetsSuivants }) => {
    const politique = policy
      ? fullPolitique(policy, 'policy')
      : await politiqueInForce(db, organisationOrDefault(organisationId));
    const code = codeOf(motifRejet);
    const eligibilite = eligibiliteOf(await classeOf(code), code, politique);
    if (eligibilite !== Eligibilite.ELIGIBLE) return { eligibilite, tentatives: [], epuise: false };
    const rejet = { dateRejet: dateRejet!, politique };
    // the first retry follows the original rejection, the second follows the rejection of the first
    const connuLe = [undefined, ...rejetsSuivants];
    assertPlannable(rejet, connuLe);
    const openFrom = await openDays(daysToAsk(rejet, connuLe));
    const { instants, epuise } = planRetries(rejet, openFrom, connuLe);
    const tentatives = instants.map((datePrevue, rang) => ({ numero: rang + 1, datePrevue }));
    return { eligibilite, tentatives, epuise };
  };
}
