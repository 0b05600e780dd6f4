import { str, num } from 'envalid';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { config } from './config.ts';

const spec = { SECRET: str({ desc: 'A secret' }), POOL: num({ default: 3, desc: 'A number' }) };
const folder = mkdtempSync(join(tmpdir(), 'config-'));
const file = (text: string) => {
  const path = join(folder, 'value');
  writeFileSync(path, text);
  return path;
};

afterAll(() => rmSync(folder, { recursive: true }));

test('a value is in the environment, or in a file without its last line end', () => {
  expect(config(spec, { SECRET: 's' })).toMatchObject({ SECRET: 's', POOL: 3 });
  expect(config(spec, { SECRET_FILE: file('s e\n'), POOL: '5' })).toMatchObject({ SECRET: 's e', POOL: 5 });
  expect(config(spec, { SECRET: 's', SECRET_FILE: '' })).toMatchObject({ SECRET: 's' });
});

test.each([
  ['nothing', {}, 'Configuration: SECRET is missing (A secret).'],
  [
    'both',
    { SECRET: 's', SECRET_FILE: '/x' },
    'Configuration: SECRET and SECRET_FILE are both set: unset one of them.',
  ],
  [
    'a file that is not there, and a wrong number',
    { SECRET_FILE: join(folder, 'none'), POOL: 'many' },
    'Configuration: SECRET_FILE names a file that cannot be read (ENOENT); ' +
      'POOL has a value that is not accepted (A number).',
  ],
  [
    'a folder',
    { SECRET_FILE: folder },
    'Configuration: SECRET_FILE names a file that cannot be read (EISDIR).',
  ],
])('refused, each fault by its name: %s', (_, env, message) => {
  expect(() => config(spec, env)).toThrow(message);
});
