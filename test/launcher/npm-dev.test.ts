import { jest } from '@jest/globals';
import { PORTS } from '@crm/kit';
import { ROOT } from '@crm/tools/data-folder';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { launchSuivi, said, stopLaunched, type Launched } from './launch.ts';

jest.setTimeout(600_000);

/** A checkout of its own, to write into; in the same folder, so that its packages can be hard links. */
const root = mkdtempSync(join(ROOT, '.data-dev-'));
const dataDir = mkdtempSync(join(tmpdir(), 'suivi-dev-'));
let dev: Launched;
let release: () => Promise<void>;

beforeAll(async () => {
  const copied = ['proto', 'prisma', 'services', 'workflows', 'workers', 'tools', 'package.json'];
  const settings = ['prisma.config.ts', 'buf.yaml', 'buf.gen.yaml', 'tsconfig.json', 'tsconfig.base.json'];
  execFileSync('cp', ['-r', ...copied, ...settings, root], { cwd: ROOT });
  execFileSync('cp', ['-al', 'node_modules', root], { cwd: ROOT });
  execFileSync('ln', ['-s', join(ROOT, '.tools'), root]);
  const reserved = await reservePortOffset(Object.values(PORTS));
  release = reserved.release;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATA_DIR: dataDir, PORT_OFFSET: String(reserved.offset) };
  dev = launchSuivi(root, env, '--watch');
  await said(dev, /^Watching the code/m);
});

afterAll(async () => {
  await stopLaunched(dev);
  await release();
  for (const folder of [root, dataDir]) rmSync(folder, { recursive: true, force: true });
});

const pids = (): Record<string, number> =>
  Object.fromEntries(
    (JSON.parse(readFileSync(join(dataDir, 'run/processes.json'), 'utf8')) as { name: string; pid: number }[])
      .map(({ name, pid }): [string, number] => [name, pid])
      .sort(),
  );

/** Writes a source as it will be and waits for what is said of it; answers that, and who was started again. */
async function save(path: string, change: (text: string) => string, answer: RegExp) {
  const before = pids();
  const from = dev.output().length;
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  const output = await said(dev, answer, from);
  const after = pids();
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return { output, restarted: [...names].filter((name) => before[name] !== after[name]).sort() };
}

const log = (name: string): string => readFileSync(join(dataDir, `logs/${name}.log`), 'utf8');

test('a change starts again what it concerns, and broken code changes nothing until it is mended', async () => {
  expect(dev.output()).toMatch(/Debuggers +services 127.0.0.1:\d+ workers 127.0.0.1:\d+/);

  const service = 'services/calendar/service.ts';
  const says = (text: string) => `${text}\nconsole.log('the calendar as it was changed');\n`;
  const changed = await save(service, says, /Services again in [\d.]+ s/);
  expect(changed.restarted).toEqual(['services']);
  expect(log('services')).toContain('the calendar as it was changed');

  const cut = await save(service, (text) => `${text}const a: = 3;`, /Everything runs on as it was/);
  expect(cut.restarted).toEqual([]);
  expect(cut.output).toContain(service);
  const thrown = (text: string) => text.replace(/const a: = 3;$/, "throw new Error('at boot');");
  const broken = await save(service, thrown, /The next save is tried again/);
  expect(broken.output).toContain('Error: at boot');
  const mended = await save(service, (text) => text.replace(/throw .*$/, ''), /Services again in [\d.]+ s/);
  expect(mended.restarted).toEqual(['services']);

  const workflow = (text: string) => text.replace(/^(import)/m, '// bundled again\n$1');
  const workers = await save('workflows/first-follow-up.ts', workflow, /workers again in [\d.]+ s/);
  expect(workers.restarted).toEqual(['workers']);

  const proto = 'proto/calendar/calendar.proto';
  const unclosed = await save(proto, (text) => `${text}message Added {`, /Everything runs on as it was/);
  expect(unclosed.restarted).toEqual([]);
  const all =
    /(?=[^]*Services again in)(?=[^]*workers again in)(?=[^]*Operations again in)(?=[^]*Console again in)/;
  const added = await save(proto, (text) => `${text} string name = 1; }\n`, all);
  expect(added.restarted).toEqual(['console', 'ops', 'services', 'workers']);
  expect(readFileSync(join(root, 'proto/gen/calendar/calendar.ts'), 'utf8')).toContain(
    'export interface Added',
  );
});
