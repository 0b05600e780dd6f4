import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { AsyncResource } from 'node:async_hooks';
import type { Implementation } from './implement.ts';
import type { Logger } from '../process/log.ts';

/** The most waiting calls. They are not read meanwhile. */
const MOST_WAITING = 20;

type Run = Implementation['methods'][string];

/** A gate that lets in one call at a time. */
export type Gate = {
  /** Place it after authentication, so that refused callers take nobody's turn. */
  interceptor: ServerInterceptor;
  /** Wraps the method: the gate stays shut until its work is done, even if the caller has gone. */
  inside(path: string, run: Run): Run;
};

/**
 * Creates a gate for methods with large requests: one request is received and processed at a time; others
 * wait unread, in order, within their deadlines. If too many wait: RESOURCE_EXHAUSTED.
 */
export function oneCallAtATime(paths: ReadonlySet<string>, log: Pick<Logger, 'info' | 'warn'>): Gate {
  const waiting: (() => void)[] = [];
  /** What keeps the gate shut: the current call, and its work. */
  let inside = 0;
  const leave = () => {
    inside -= 1;
    if (inside === 0) waiting.shift()?.();
  };
  return {
    inside(path, run) {
      if (!paths.has(path)) return run;
      return (request, call) => {
        const work = run(request, call) as Promise<unknown>;
        inside += 1;
        void work.then(leave, leave);
        return work;
      };
    },
    interceptor(method, call) {
      if (!paths.has(method.path)) return new ServerInterceptingCall(call);
      let end = () => {};
      return new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata(metadata, pass) {
              const enter = () => {
                inside += 1;
                end = once(leave);
                pass(metadata);
              };
              if (inside === 0) return enter();
              if (waiting.length >= MOST_WAITING) {
                log.warn({ method: method.path, waiting: waiting.length }, 'refused: too many wait');
                return call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: TOO_MANY });
              }
              // runs in its own context, not in that of the call that has left
              const own = AsyncResource.bind(enter);
              waiting.push(own);
              end = once(() => {
                const at = waiting.indexOf(own);
                if (at >= 0) waiting.splice(at, 1);
              });
              log.info({ method: method.path, waiting: waiting.length }, 'waits for its turn');
            },
            onReceiveMessage: (message, pass) => pass(message),
            onReceiveHalfClose: (pass) => pass(),
            onCancel: () => end(),
          }),
        sendStatus(sent, next) {
          end();
          next(sent);
        },
      });
    },
  };
}

const TOO_MANY = `one such request is worked on at a time, and ${MOST_WAITING} wait already: try again later`;

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
