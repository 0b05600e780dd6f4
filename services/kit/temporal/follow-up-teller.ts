import type { Db } from '@crm/db';
import type { Call, Repeat } from '../rpc/call-context.ts';
import type { FollowUpStart, WorkflowCommands } from './connect-temporal.ts';

/**
 * How a service passes on what people tell its follow-ups.
 * @param repeat how the row of a follow-up is read
 */
export function followUpTeller<Row>(db: Db, temporal: WorkflowCommands, repeat: Repeat<Row>) {
  /**
   * Has the call's key stand for its request, before anything is told. The answer that is kept with the key is not used:
   * the row is read again.
   * @throws {RpcError} ALREADY_EXISTS where the key was another request's
   */
  const claim = async (id: string, call: Call): Promise<Row> => {
    await call.once((tx) => repeat.read(tx, id), repeat);
    return await repeat.read(db, id);
  };
  /**
   * Has a follow-up carry out a command, one of its updates: it accepts or refuses, and has what it accepts recorded
   * with who gave it.
   * @param id of the row, which is read again and answered
   * @param to the workflow's id; or how it is started, where it may have ended
   * @param order what the command says beside who gives it
   * @throws {RpcError} what `claim` and `WorkflowCommands.update` say
   */
  const tell = async (id: string, to: string | FollowUpStart, command: string, order: object, call: Call) => {
    await claim(id, call);
    await temporal.update(to, command, [{ who: call.caller.sub, ...order }], call.repeatId);
    return await repeat.read(db, id);
  };
  return { claim, tell };
}
