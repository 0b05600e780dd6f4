import { quietRuntime } from '@crm/tools/quiet-runtime';
import { replayBundle } from '@crm/tools/replay/replay-bundle';
import { replayHistories } from '@crm/tools/replay/replay-histories';
import { listHistories, readHistory } from '../replay/history-files.ts';

/** How long replaying takes: `node --import tsx test/bench/replay.ts [HISTORIES]`, the committed ones over and over. */
const wanted = Number(process.argv[2] ?? 500);
const committed = listHistories().map((name) => ({ name, history: readHistory(name) }));
const histories = Array.from({ length: wanted }, (_, i) => committed[i % committed.length]!);

quietRuntime();
const bundle = await replayBundle();
const began = performance.now();
let broken = 0;
for await (const replayed of replayHistories(bundle, histories)) if (replayed.broken) broken++;
const seconds = (performance.now() - began) / 1_000;
console.log(`${wanted} histories replayed in ${seconds.toFixed(1)} s, ${broken} broken`);
