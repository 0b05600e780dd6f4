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

/** What of the organisations' service strictness needs. */
export type Organisations = Pick<Connected<typeof OrganisationServiceService>, 'get'>;

/** A reference of a request, and how it is looked for. */
export type Sought = Reference & {
  /** Rejects with NOT_FOUND where there is none; `organisationId` is whose it is, where it is one organisation's. */
  get: (request: { id: string }) => Promise<{ organisationId?: string }>;
};

/** What an organisation has to have as well. */
export type Needed = {
  /** What FAILED_PRECONDITION says to programs where only this is missing. */
  reason: string;
  /** Undefined: it has it. */
  fault: () => Promise<FieldFault | undefined>;
};

/**
 * Checks what a request refers to, in an organisation that was set up: one that has a row, by whose id or code it goes.
 * Another one, which is another system's, takes any reference. A repeat of a call is not checked again, and neither is
 * what one of our services asks for: it follows from what was checked when it came in. Others are asked with the
 * caller's own token, before a transaction is open; what is deleted from then until the commit is not noticed, as if it
 * had been deleted just after (docs/adr/0027).
 * @param sought references that are left out are none
 * @returns whether it was set up and was asked
 * @throws {RpcError} NOT_FOUND naming each field whose entity nobody knows, and with them what else is at fault;
 * INVALID_ARGUMENT naming fields whose entity is another organisation's; FAILED_PRECONDITION with the reason of what is
 * needed; UNAVAILABLE where one that has to be asked is away
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
