import type { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import {
  failedPrecondition,
  invalidFields,
  notFoundFields,
  orUndefined,
  type Call,
  type Connected,
  type FieldFault,
  type Reference,
} from '@crm/kit';

/** The RPC of organisations that the check needs. */
export type Organisations = Pick<Connected<typeof OrganisationServiceService>, 'get'>;

/** A reference of a request, and how to look it up. */
export type Sought = Reference & {
  /**
   * Rejects with NOT_FOUND if it does not exist. `organisationId`: its owner, if it belongs to one
   * organisation.
   */
  get: (request: { id: string }) => Promise<{ organisationId?: string }>;
};

/** Something that the organisation must have as well. */
export type Needed = {
  /** The reason of FAILED_PRECONDITION if only this is missing. */
  reason: string;
  /** Undefined: the organisation has it. */
  fault: () => Promise<FieldFault | undefined>;
};

/**
 * Checks the references of a request, if its organisation was set up in Suivi, that is, has a row with this
 * id or code. Other organisations belong to other systems, and any reference is accepted. A repeated call is
 * not checked again, nor is a call of our own services, because it follows from a call that was checked.
 * Services are asked with the caller's own token before a transaction is open. A deletion between the check
 * and the commit is not noticed, as if it came just afterwards (docs/adr/0027).
 * @param sought omitted references are not checked
 * @returns whether the organisation was set up and the check was made
 * @throws {RpcError} NOT_FOUND naming each field with an unknown entity, together with all other faults;
 *   INVALID_ARGUMENT naming fields with an entity of another organisation; FAILED_PRECONDITION with the reason
 *   of what is needed; UNAVAILABLE if a service that must be asked is away
 */
export async function assertKnown(
  organisations: Organisations,
  call: Pick<Call, 'caller' | 'isRepeat'>,
  organisationId: string,
  sought: Sought[],
  needed?: Needed,
): Promise<boolean> {
  const references = sought.filter(({ id }) => id !== '');
  if (references.length === 0 && !needed) return false;
  if (call.caller.service || (await call.isRepeat())) return false;
  const organisation = await orUndefined(organisations.get({ id: organisationId }));
  if (!organisation) return false;
  const [found, fault] = await Promise.all([
    Promise.all(references.map(({ id, get }) => orUndefined(get({ id })))),
    needed?.fault(),
  ]);
  const missing = references.filter((_, index) => !found[index]);
  const own = new Set([undefined, organisation.id, organisation.code]);
  const foreign = references.flatMap(({ field, entity }, index) =>
    found[index] && !own.has(found[index].organisationId)
      ? [{ field, description: `must be a ${entity} of the organisation ${organisationId}` }]
      : [],
  );
  const others = [...foreign, ...(fault ? [fault] : [])];
  if (missing.length > 0) throw notFoundFields(missing, others);
  if (foreign.length > 0) throw invalidFields(others);
  if (needed && fault) throw failedPrecondition(needed.reason, `${fault.field}: ${fault.description}`);
  return true;
}
