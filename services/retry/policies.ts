import type { Db } from '@crm/db';
import { entity, invalid, type Methods } from '@crm/kit';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';
import { Politique, RetryPolicy, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { ClasseOf } from './eligibilite.ts';
import { fullPolitique, type FullPolitique } from './politique.ts';

/** The policies of organisations. Omitted fields are stored with the defaults of that time. */
export function policies(
  db: Db,
  classeOf: ClasseOf,
): Pick<
  Methods<typeof RetryAdminServiceService>,
  'createPolicy' | 'getPolicy' | 'listPolicies' | 'updatePolicy'
> {
  const policy = entity(db, {
    model: 'retryPolicy',
    plural: 'policies',
    message: RetryPolicy,
    defaults: { organisationId: 'default', actif: true },
    derived: ({ politique }) => ({ politique: Politique.fromPartial(politique as object) }),
  });
  const checked = async (given: Politique | undefined): Promise<FullPolitique> => {
    const politique = fullPolitique(given, 'politique');
    const { delaisJours, maxJoursTotal, codesSupplementaires } = politique;
    if (delaisJours.at(-1)! > maxJoursTotal) {
      throw invalid(
        'politique.delaisJours',
        `an attempt after more than ${maxJoursTotal} days is never made`,
      );
    }
    for (const code of codesSupplementaires) {
      if ((await classeOf(code)) !== ClasseRejet.REESSAI_SUR_OPTION) {
        throw invalid('politique.codesSupplementaires', `${code} is not a code that a policy can list`);
      }
    }
    return politique;
  };
  return {
    createPolicy: async (request, call) =>
      policy.create({ ...request, politique: await checked(request.politique) }, call),
    getPolicy: policy.get,
    listPolicies: policy.list,
    updatePolicy: async ({ politique, ...request }, call) =>
      policy.update({ ...request, ...(politique && { politique: await checked(politique) }) }, call),
  };
}
