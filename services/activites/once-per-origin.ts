import { organisationOrDefault } from '@crm/kit';
import type { Call } from '@crm/kit';
import { status } from '@grpc/grpc-js';

/** A request with an `origine`, which several calls may share. */
type Request = { organisationId: string; origine: string };

/**
 * Makes a create idempotent by `origine`: a later call with the same value, in whatever way, returns the
 * first entity.
 * @param find the existing entity, if any
 */
export const oncePerOrigin =
  <Q extends Request, M>(
    create: (request: Q, call: Call) => Promise<M>,
    find: (of: Request) => Promise<M | undefined>,
  ) =>
  async (request: Q, call: Call): Promise<M> => {
    if (!request.origine) return await create(request, call);
    const of = { organisationId: organisationOrDefault(request.organisationId), origine: request.origine };
    const earlier = await find(of);
    if (earlier) return earlier;
    try {
      return await create(request, call);
    } catch (error) {
      // a concurrent call was first
      const isConflict = (error as { code?: unknown }).code === status.ALREADY_EXISTS;
      const first = isConflict ? await find(of) : undefined;
      if (!first) throw error;
      return first;
    }
  };
