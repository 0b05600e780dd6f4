/** A command that workflow code gave in a replay, with what it says: payloads as their text, times in milliseconds. */
export type Recorded =
  | { kind: 'timer'; seq: number; ms: number }
  | { kind: 'activity'; seq: number; type: string; input: string[] }
  | { kind: 'localActivity'; seq: number; type: string; input: string[] }
  | { kind: 'child'; type: string; input: string[] }
  | { kind: 'continued'; input: string[] }
  | { kind: 'attributes'; values: Record<string, string> }
  | { kind: 'result'; value: string };

/** Where the recorder, inside the sandbox, tells what happens. */
export type RecorderSink = {
  recorder: {
    /** A workflow task begins to be replayed; so long is the history up to it. */
    begins(historyLength: number): void;
    gave(commands: Recorded[]): void;
    /** A signal came to a handler. */
    heard(signalName: string): void;
    /** Istanbul's counters of the run so far, where the bundle has them. */
    covered(counters: object): void;
  };
};
