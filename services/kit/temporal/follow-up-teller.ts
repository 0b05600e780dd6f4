import type { Db } from '@crm/db';
import type { Call, Repeat } from '../rpc/call-context.ts';
import type { FollowUp, WorkflowCommands } from './connect-temporal.ts';

/**
 * Forwards people's commands to follow-ups.
 * @param repeat how to read the row of a follow-up
 */
export function followUpTeller<Row>(db: Db, temporal: WorkflowCommands, repeat: Repeat<Row>) {
  /**
   * Records the call's idempotency key for this request, before anything is sent. The answer stored with the
   * key is not used: the row is read again.
   * @throws {RpcError} ALREADY_EXISTS if the key was used for another request
   */
  const claim = async (id: string, call: Call): Promise<Row> => {
    await call.once((tx) => repeat.read(tx, id), repeat);
    return await repeat.read(db, id);
  };
  /**
   * Makes a follow-up carry out a command, which is one of its updates. It accepts or refuses, and records
   * what it accepts, with the author.
   * @param id of the row, which is read again and returned
   * @param order the command without its author
   * @throws {RpcError} the errors of `claim` and `WorkflowCommands.update`
   */
  const tell = async (id: string, to: FollowUp, command: string, order: object, call: Call) => {
    await claim(id, call);
    await temporal.update(to, command, [{ who: call.caller.sub, ...order }], call.repeatId);
    return await repeat.read(db, id);
  };
  return { claim, tell };
}
