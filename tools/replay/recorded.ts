/** A command of the workflow code in a replay: payloads as text, times in milliseconds. */
export type Recorded =
  | { kind: 'timer'; seq: number; ms: number }
  | { kind: 'activity'; seq: number; type: string; input: string[] }
  | { kind: 'localActivity'; seq: number; type: string; input: string[] }
  | { kind: 'child'; type: string; input: string[] }
  | { kind: 'continued'; input: string[] }
  | { kind: 'attributes'; values: Record<string, string> }
  | { kind: 'result'; value: string };

/** Where the recorder in the sandbox reports to. */
export type RecorderSink = {
  recorder: {
    /** The replay of a workflow task begins; the history up to it has this length. */
    begins(historyLength: number): void;
    gave(commands: Recorded[]): void;
    /** A signal reached a handler. */
    heard(signalName: string): void;
    /** Istanbul's counters so far, if the bundle has them. */
    covered(counters: object): void;
  };
};
