import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.ts';
import { PlainError } from './plain-error.ts';
import { describeProcess, isRunning, type ProcessRecord } from './process-record.ts';
import { readJson } from './read-json.ts';

/**
 * Claims the data folder for this process, or fails with a sentence that names the launcher that has it. The
 * claim is a file with pid and start time: that of a killed launcher stops counting at once, that of a
 * launcher that was suspended for a night still counts.
 */
export async function claimDataFolder(dataDir: string): Promise<{ release: () => void }> {
  const file = join(dataDir, 'run/launcher.json');
  await oneAtATime(join(dataDir, 'run/launcher.lock'), () => {
    const owner = readJson<ProcessRecord>(file);
    if (owner && isRunning(owner))
      throw new PlainError(`Suivi already runs here (pid ${owner.pid}, data in ${dataDir}).`);
    writeFileSync(file, JSON.stringify(describeProcess('launcher', process.pid, 'SIGTERM')));
  });
  return {
    release: () => {
      // after a reset it may be the next launcher's claim
      if (readJson<ProcessRecord>(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}
