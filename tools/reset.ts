import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { claimDataFolder } from './claim-data-folder.ts';
import { dataFolderPath, isDataFolder, shortPath } from './data-folder.ts';
import { explainDiskError } from './disk-error.ts';
import { describeError, PlainError } from './plain-error.ts';
import { stopLeftovers } from './process-record.ts';

new Command('npm run reset --')
  .description(
    'Deletes all data of the local Suivi: DATA_DIR, else .data (.data-1000 with PORT_OFFSET=1000).',
  )
  .parse();

try {
  const dataDir = dataFolderPath(process.env);
  const entries = existsSync(dataDir) ? readdirSync(dataDir) : [];
  if (entries.length === 0) {
    console.log(`${shortPath(dataDir)} is empty already.`);
  } else {
    if (!isDataFolder(dataDir))
      throw new PlainError(`${dataDir} was not made by Suivi; nothing was deleted.`);
    await empty(dataDir);
    console.log(`Emptied ${shortPath(dataDir)}: ${entries.sort().join(', ')}.`);
  }
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}

/** Empties the folder while holding its claim, so that no Suivi can start in it. */
async function empty(dataDir: string): Promise<void> {
  const claim = await claimDataFolder(dataDir);
  try {
    const stopped = await stopLeftovers(dataDir);
    if (stopped.length > 0)
      console.log(`Stopped what an earlier start had left running: ${stopped.join(', ')}.`);
    // The claim and the marker come last, so that an interrupted reset can be repeated.
    const last = ['run', '.suivi'];
    const first = readdirSync(dataDir).filter((entry) => !last.includes(entry));
    for (const entry of [...first, ...last]) rmSync(join(dataDir, entry), { recursive: true, force: true });
  } catch (error) {
    throw explainDiskError(error, dataDir);
  } finally {
    claim.release();
  }
}
