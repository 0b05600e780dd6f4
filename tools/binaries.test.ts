import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveBinary, testServerPath } from './binaries.ts';

test('a binary named in the environment is used as it is', async () => {
  expect(await resolveBinary('nats-server', { env: { NATS_SERVER_BIN: process.execPath } })).toBe(
    process.execPath,
  );
  expect(await testServerPath({ env: { TEMPORAL_TEST_SERVER_BIN: process.execPath } })).toBe(
    process.execPath,
  );
});

test('a named one that cannot be run is refused by the name of its variable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
  for (const path of [folder, join(folder, 'nothing')]) {
    await expect(resolveBinary('temporal', { env: { TEMPORAL_BIN: path } })).rejects.toThrow(
      `TEMPORAL_BIN=${path} is not a program`,
    );
  }
  rmSync(folder, { recursive: true });
});

test('every wheel is pinned with a hash for Linux and macOS, on x64 and arm64', () => {
  const text = readFileSync(new URL('./tools.txt', import.meta.url), 'utf8');
  for (const tool of ['nats-server', 'temporal', 'temporal-test-server']) {
    const block = text.split(/\n(?=\S)/).find((lines) => lines.startsWith(`${tool}-bin==`));
    expect(block?.match(/--hash=sha256:[0-9a-f]{64}/g)?.length).toBeGreaterThanOrEqual(4);
  }
});
