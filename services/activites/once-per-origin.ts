import type { Call } from '@crm/kit';
import { status } from '@grpc/grpc-js';

/** What may be made for something that others make it for, too. */
type Request = { organisationId: string; origine: string };

/**
 * A create that is once for its `origine`: whoever asks for the same again, in whatever call, is answered the first.
 * @param find the one that was made for it, if any
 */
export const oncePerOrigin =
  <Q extends Request, M>(
    create: (request: Q, call: Call) => Promise<M>,
    find: (of: Request) => Promise<M | undefined>,
  ) =>
  async (request: Q, call: Call): Promise<M> => {
    if (!request.origine) return await create(request, call);
    const of = { organisationId: request.organisationId || 'default', origine: request.origine };
    const earlier = await find(of);
    if (earlier) return earlier;
    try {
      return await create(request, call);
    } catch (error) {
      // of two at once one is first
      const isConflict = (error as { code?: unknown }).code === status.ALREADY_EXISTS;
      const first = isConflict ? await find(of) : undefined;
      if (!first) throw error;
      return first;
    }
  };
