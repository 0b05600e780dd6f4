/**
 * What a transaction is to write, planned before it is open, because others are asked for it. A fault is thrown when the
 * plan is used, in `call.once`: a repeat, which is answered with the first result, may be of what could not be done again.
 */
export async function planned<Plan>(plan: () => Promise<Plan>): Promise<() => Plan> {
  const [settled] = await Promise.allSettled([plan()]);
  return () => {
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  };
}
