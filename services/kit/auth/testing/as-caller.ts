import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { runAsCaller } from '../caller.ts';
import type { Identity } from '../verify-token.ts';

/** An interceptor for tests of a single service: every call has this caller. */
export const asCaller =
  (identity: Identity): ServerInterceptor =>
  (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveHalfClose: (pass) => runAsCaller({ identity, token: undefined }, pass),
        }),
    });
