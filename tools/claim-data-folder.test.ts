import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDataFolder } from './claim-data-folder.ts';
import { describeProcess } from './process-record.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
  mkdirSync(join(dataDir, 'run'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const claimOf = (record: object) => writeFileSync(join(dataDir, 'run/launcher.json'), JSON.stringify(record));

test('a data folder has one launcher at a time', async () => {
  const claim = await claimDataFolder(dataDir);
  await expect(claimDataFolder(dataDir)).rejects.toThrow(
    `Suivi already runs here (pid ${process.pid}, data in ${dataDir}).`,
  );
  claim.release();
  (await claimDataFolder(dataDir)).release();
});

test('of several launchers that find the claim of a dead one, one gets the folder', async () => {
  claimOf({ ...describeProcess('launcher', process.pid, 'SIGTERM'), startTime: 'another boot/1' });
  const claims = await Promise.allSettled([1, 2, 3, 4].map(() => claimDataFolder(dataDir)));
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('the claim of a launcher that was suspended still counts, and no longer once it was killed', async () => {
  const launcher = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(launcher, 'spawn');
  claimOf(describeProcess('launcher', launcher.pid!, 'SIGTERM'));
  launcher.kill('SIGSTOP');
  await expect(claimDataFolder(dataDir)).rejects.toThrow(`pid ${launcher.pid}`);
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
  (await claimDataFolder(dataDir)).release();
});

test('a claim that a full disk cut off is taken over', async () => {
  writeFileSync(join(dataDir, 'run/launcher.json'), '{"name":"laun');
  (await claimDataFolder(dataDir)).release();
});

test('a release leaves the claim of the next launcher alone', async () => {
  const claim = await claimDataFolder(dataDir);
  claimOf(describeProcess('launcher', process.ppid, 'SIGTERM'));
  claim.release();
  await expect(claimDataFolder(dataDir)).rejects.toThrow(`pid ${process.ppid}`);
});
