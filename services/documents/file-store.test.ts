import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { fileStore } from './file-store.ts';

let folder: string;
let files: ReturnType<typeof fileStore>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-store-'));
  files = fileStore(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function store(bytes: Uint8Array): Promise<string> {
  const incoming = await files.receive(bytes);
  await incoming.keep();
  await incoming.discard();
  return incoming.sha256;
}

async function read(sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of files.read(sha256)) {
    expect(chunk.length).toBeLessThanOrEqual(64 * 1024);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);

test('bytes come back as they were, from one file that nobody may write to', async () => {
  const bytes = randomBytes(200_000);
  const sha256 = await store(bytes);
  const { ino, mode } = await stat(pathOf(sha256));
  expect(mode & 0o222).toBe(0);
  expect(await store(bytes)).toBe(sha256);
  expect((await stat(pathOf(sha256))).ino).toBe(ino);
  expect((await read(sha256)).equals(bytes)).toBe(true);
  expect(await readdir(join(folder, 'incoming'))).toEqual([]);
});

test('damaged and missing bytes are DATA_LOSS before the first one is given; the same bytes stored again mend it', async () => {
  const bytes = randomBytes(200_000);
  const sha256 = await store(bytes);
  await chmod(pathOf(sha256), 0o600);
  const damaged = Buffer.from(bytes);
  damaged[199_999]! ^= 1;
  await writeFile(pathOf(sha256), damaged);
  const given = files.read(sha256)[Symbol.asyncIterator]();
  await expect(given.next()).rejects.toMatchObject({ code: status.DATA_LOSS });
  await store(bytes);
  expect((await read(sha256)).equals(bytes)).toBe(true);
  await files.remove(sha256);
  await expect(read(sha256)).rejects.toMatchObject({ code: status.DATA_LOSS });
});

test('what a dead process was writing goes, what is being written stays', async () => {
  await files.receive(Buffer.from('abandoned'));
  const [name] = await readdir(join(folder, 'incoming'));
  const yesterday = new Date(Date.now() - 24 * 3600_000);
  await utimes(join(folder, 'incoming', name!), yesterday, yesterday);
  await files.receive(Buffer.from('under way'));
  await files.discardAbandoned();
  const left = await readdir(join(folder, 'incoming'));
  expect(left).toHaveLength(1);
  expect(left).not.toContain(name);
});
