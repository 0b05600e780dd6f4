/**
 * Plans before the transaction what it will write, because other services must be asked. A fault is thrown
 * only when the plan is used, in `call.once`: a repeat gets the first result, even if the plan would fail
 * now.
 */
export async function planned<Plan>(plan: () => Promise<Plan>): Promise<() => Plan> {
  const [settled] = await Promise.allSettled([plan()]);
  return () => {
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  };
}
