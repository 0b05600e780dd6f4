import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { capturedAuthorization } from './capture-authorization.ts';
import { ANONYMOUS, runAsCaller, type Caller } from './caller.ts';
import { KeysUnavailable, TokenRefused, type RefusalReason } from './refusal.ts';
import type { VerifyToken } from './verify-token.ts';

/** RFC 6750, section 2.1: the scheme in any case (RFC 9110, section 11.1), exactly one space, the token. */
const BEARER = /^Bearer ([^ ]+)$/i;

export interface Refusal {
  /** The full name, such as `/clients.ClientBaseService/List`. */
  readonly method: string;
  readonly reason: RefusalReason;
  /** The name of the claim at fault, never its value. */
  readonly claim?: string | undefined;
  /** The call was let through all the same, as `anonymous`. */
  readonly reportOnly: boolean;
}

export interface AuthInterceptorOptions {
  readonly verify: VerifyToken;
  /** false: refusals are only reported, and calls go through as `anonymous`. */
  readonly enabled: boolean;
  /** The methods that need no token, by full name. A set, so that names match exactly. */
  readonly publicMethods: ReadonlySet<string>;
  /**
   * Called for every refusal, for logs and metrics; must not throw. Its argument contains nothing secret or
   * personal.
   */
  readonly onRefusal: (refusal: Refusal) => void;
}

/**
 * Accepts calls with exactly one `authorization` header and an acceptable bearer token, and runs their
 * handlers with `currentCaller()` set. Other calls end with UNAUTHENTICATED and the same message for all
 * reasons, or with UNAVAILABLE if the issuer's keys are not available. The server must use
 * captureAuthorization; otherwise every call is refused.
 *
 * grpc-js puts the first interceptor of the list nearest to the wire: interceptors that count or time refused
 * calls come before this one, those that need the caller after it.
 */
export function authInterceptor(options: AuthInterceptorOptions): ServerInterceptor {
  const { verify, enabled, publicMethods, onRefusal } = options;
  return (method, call) => {
    if (publicMethods.has(method.path)) return new ServerInterceptingCall(call);
    const headers = capturedAuthorization(); // now, because the value soon belongs to the next request

    // Metadata, messages and half-close wait here in order until the caller is known. After the end of a call
    // grpc-js drops what is passed on.
    const waiting: (() => void)[] = [];
    let caller: Caller | undefined;
    const deliver = () => {
      if (!caller) return;
      for (let event = waiting.shift(); event; event = waiting.shift()) runAsCaller(caller, event);
    };
    const enqueue = (event: () => void) => {
      waiting.push(event);
      deliver();
    };
    const refuse = (error: unknown) => {
      const { reason, claim } = error instanceof TokenRefused ? error : { reason: otherReason(error) };
      if (enabled) call.sendStatus(reason === 'keys_unavailable' ? KEYS_UNAVAILABLE : REFUSED);
      else caller = ANONYMOUS;
      onRefusal({ method: method.path, reason, ...(claim !== undefined && { claim }), reportOnly: !enabled });
    };

    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            enqueue(() => pass(metadata));
            void authenticate(headers, verify)
              .then((verified) => (caller = verified), refuse)
              .then(deliver);
          },
          onReceiveMessage: (message, pass) => enqueue(() => pass(message)),
          onReceiveHalfClose: enqueue,
        }),
    });
  };
}

const REFUSED = {
  code: status.UNAUTHENTICATED,
  details: 'authentication required: send one valid bearer token in the authorization header',
};
const KEYS_UNAVAILABLE = {
  code: status.UNAVAILABLE,
  details: 'tokens cannot be verified at the moment, try again',
};

async function authenticate(headers: readonly string[] | undefined, verify: VerifyToken): Promise<Caller> {
  if (!headers) throw new TokenRefused('headers_unseen');
  const [header] = headers;
  if (header === undefined) throw new TokenRefused('header_missing');
  if (headers.length > 1) throw new TokenRefused('header_repeated');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new TokenRefused('header_malformed');
  return { identity: await verify(token), token };
}

function otherReason(error: unknown): RefusalReason {
  return error instanceof KeysUnavailable ? error.reason : 'unexpected';
}
