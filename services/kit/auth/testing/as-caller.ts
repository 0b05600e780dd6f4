import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { runAsCaller } from '../caller.ts';
import type { Identity } from '../verify-token.ts';

/** Has every call of a server that is tested by itself come from one caller, whoever calls. */
export const asCaller =
  (identity: Identity): ServerInterceptor =>
  (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveHalfClose: (pass) => runAsCaller({ identity, token: undefined }, pass),
        }),
    });
