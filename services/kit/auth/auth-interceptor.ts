import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { capturedAuthorization } from './capture-authorization.ts';
import { ANONYMOUS, runAsCaller, type Caller } from './caller.ts';
import { KeysUnavailable, TokenRefused, type RefusalReason } from './refusal.ts';
import type { VerifyToken } from './verify-token.ts';

/** RFC 6750, section 2.1: the scheme in any case (RFC 9110, section 11.1), one space and no more, the token. */
const BEARER = /^Bearer ([^ ]+)$/i;

export interface Refusal {
  /** Full name, such as `/clients.ClientBaseService/List`. */
  readonly method: string;
  readonly reason: RefusalReason;
  /** The claim at fault, if it is one: its name, never its value. */
  readonly claim?: string | undefined;
  /** The call was let through all the same, as caller `anonymous`. */
  readonly reportOnly: boolean;
}

export interface AuthInterceptorOptions {
  readonly verify: VerifyToken;
  /** false: refusals are reported, and the calls let through as caller `anonymous`. */
  readonly enabled: boolean;
  /** Full names of the methods that need no token. A set and no predicate: names match exactly or not at all. */
  readonly publicMethods: ReadonlySet<string>;
  /** Told of every refusal, to log and count it; must not throw. Nothing it is given is secret or personal. */
  readonly onRefusal: (refusal: Refusal) => void;
}

/**
 * Lets in calls with exactly one `authorization` header holding an acceptable bearer token, and runs their
 * handlers with `currentCaller()` set. Others end with UNAUTHENTICATED and one message for all reasons, or
 * with UNAVAILABLE when the issuer's keys cannot be had. The server must have gone through
 * captureAuthorization; without it every call is refused.
 *
 * grpc-js puts the first interceptor of its list nearest to the wire: one that counts or times refused calls
 * comes before this one, one that needs the caller after it.
 */
export function authInterceptor(options: AuthInterceptorOptions): ServerInterceptor {
  const { verify, enabled, publicMethods, onRefusal } = options;
  return (method, call) => {
    if (publicMethods.has(method.path)) return new ServerInterceptingCall(call);
    const headers = capturedAuthorization(); // now: soon it will be another request's

    // Metadata, messages and half-close wait here until the caller is known, and keep their order. What is
    // passed on after the end of a call, be it cancelled or refused, grpc-js drops.
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
