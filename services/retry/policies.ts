import type { Db, Tx } from '@crm/db';
import { ruleHistory, type Users } from '@crm/domain';
import {
  entity,
  invalidFields,
  type Call,
  type FieldFault,
  type Methods,
  DEFAULT_ORGANISATION,
  organisationOrDefault,
} from '@crm/kit';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';
import {
  PolicyChange,
  Politique,
  RetryPolicy,
  type PolicyInForce,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import type { ClasseOf } from './eligibilite.ts';
import { DEFAULT_POLITIQUE, fullPolitique, inForce, type FullPolitique } from './politique.ts';

type Row = Awaited<ReturnType<Tx['retryPolicy']['findMany']>>[number];

/** The name of a policy that nobody has named. */
const USUAL_NAME = 'représentations';

/**
 * The policies of organisations. Omitted fields are stored with the defaults of that time. Every change is kept with who
 * made it.
 */
export function policies(
  db: Db,
  classeOf: ClasseOf,
  users: Users,
): Pick<
  Methods<typeof RetryAdminServiceService>,
  | 'createPolicy'
  | 'getPolicy'
  | 'listPolicies'
  | 'updatePolicy'
  | 'getPolicyInForce'
  | 'savePolicy'
  | 'listPolicyChanges'
> {
  const history = ruleHistory(db, 'policyChange', 'POLICY', users);
  const changed = async (tx: Tx, organisationId: string, was: Row[], is: Row[], call: Call, motif = '') => {
    const asJson = (rows: Row[]) => {
      const row = inForce(rows.filter(({ actif }) => actif));
      return row ? [RetryPolicy.toJSON(policy.toMessage({ ...row })) as object] : [];
    };
    await history.record(tx, { organisationId, motif, avant: asJson(was), apres: asJson(is) }, call);
  };
  const rowsOf = async (tx: Tx, organisationId: string): Promise<Row[]> => {
    await history.begin(tx, organisationId);
    return await tx.retryPolicy.findMany({ where: { organisationId } });
  };
  const policy = entity(db, {
    model: 'retryPolicy',
    plural: 'policies',
    message: RetryPolicy,
    defaults: { organisationId: DEFAULT_ORGANISATION, actif: true },
    derived: ({ politique }) => ({ politique: Politique.fromPartial(politique as object) }),
    created: async (tx, { id, organisationId }, call) => {
      const is = await rowsOf(tx, organisationId);
      await changed(
        tx,
        organisationId,
        is.filter((row) => row.id !== id),
        is,
        call,
      );
    },
    updating: async (tx, id, changes, call) => {
      const row = await tx.retryPolicy.findUnique({ where: { id } });
      if (!row) return;
      const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const was = await rowsOf(tx, row.organisationId);
      const is = was.map((one) => (one.id === id ? { ...one, ...said } : one));
      await changed(tx, row.organisationId, was, is, call);
    },
  });
  /** @throws {RpcError} INVALID_ARGUMENT naming each field at fault */
  const checked = async (given: Politique | undefined): Promise<FullPolitique> => {
    const politique = fullPolitique(given, 'politique');
    const { delaisJours, maxJoursTotal, codesSupplementaires } = politique;
    const faults: FieldFault[] = [];
    if (delaisJours.at(-1)! > maxJoursTotal) {
      const description = `an attempt after more than ${maxJoursTotal} days is never made`;
      faults.push({ field: 'politique.delaisJours', description });
    }
    for (const code of codesSupplementaires) {
      if ((await classeOf(code)) !== ClasseRejet.REESSAI_SUR_OPTION) {
        const description = `${code} is not a code that a policy can list`;
        faults.push({ field: 'politique.codesSupplementaires', description });
      }
    }
    if (faults.length > 0) throw invalidFields(faults);
    return politique;
  };
  const enVigueur = async (tx: Tx | Db, organisationId: string): Promise<PolicyInForce> => {
    const version = await history.versionOf(tx, organisationId);
    for (const origine of new Set([organisationId, DEFAULT_ORGANISATION])) {
      const row = inForce(await tx.retryPolicy.findMany({ where: { organisationId: origine, actif: true } }));
      if (row) return { organisationId, origine, policy: policy.toMessage({ ...row }), version };
    }
    const builtIn = RetryPolicy.fromPartial({ nom: USUAL_NAME, politique: DEFAULT_POLITIQUE, actif: true });
    return { organisationId, origine: '', policy: builtIn, version };
  };
  return {
    createPolicy: async (request, call) =>
      policy.create({ ...request, politique: await checked(request.politique) }, call),
    getPolicy: policy.get,
    listPolicies: policy.list,
    updatePolicy: async ({ politique, ...request }, call) =>
      policy.update({ ...request, ...(politique && { politique: await checked(politique) }) }, call),
    getPolicyInForce: ({ organisationId }) => enVigueur(db, organisationOrDefault(organisationId)),
    async savePolicy({ organisationId: given, nom, motif, versionAttendue, ...request }, call) {
      const organisationId = organisationOrDefault(given);
      const politique = await checked(request.politique);
      return await call.once(async (tx) => {
        await history.begin(tx, organisationId, versionAttendue);
        const was = await tx.retryPolicy.findMany({ where: { organisationId } });
        const row = inForce(was);
        if (row) {
          const data = { politique, ...(nom && { nom }) };
          await tx.retryPolicy.update({ where: { id: row.id }, data });
        } else {
          const data = { id: v7(), organisationId, nom: nom || USUAL_NAME, politique };
          await tx.retryPolicy.create({ data });
        }
        const is = await tx.retryPolicy.findMany({ where: { organisationId } });
        await changed(tx, organisationId, was, is, call, motif);
        return await enVigueur(tx, organisationId);
      });
    },
    async listPolicyChanges(request) {
      const { rows, nextPageToken } = await history.list(request);
      const read = ([one]: unknown[]) => (one ? RetryPolicy.fromJSON(one) : undefined);
      const changes = rows.map((row) =>
        PolicyChange.fromPartial({ ...row, avant: read(row.avant), apres: read(row.apres) }),
      );
      return { changes, nextPageToken };
    },
  };
}
