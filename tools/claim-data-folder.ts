import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.ts';
import { PlainError } from './plain-error.ts';
import { describeProcess, isRunning, type ProcessRecord } from './process-record.ts';
import { readJson } from './read-json.ts';

/**
 * Claims the data folder for this process, or refuses with a sentence naming the launcher that has it. The claim
 * is a file with pid and start time, so that the one of a launcher that was killed counts no longer at once, and
 * the one of a launcher that was suspended for a night still does.
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
      // after a reset it may be the claim of the next launcher
      if (readJson<ProcessRecord>(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}
