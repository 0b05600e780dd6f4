import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PORTS } from '@crm/kit/ports';
import { ROOT } from './data-folder.ts';
import { printedFiles } from './printed-files.ts';

// `npm run docs` prints them afresh
const printed = await printedFiles();

test.each(Object.keys(printed))('%s is up to date', (path) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(printed[path]);
});

test('every service has its .env.example', () => {
  const names = Object.keys(PORTS).filter((name) => existsSync(join(ROOT, 'services', name, 'service.ts')));
  expect(Object.keys(printed)).toEqual(
    expect.arrayContaining(names.map((name) => `services/${name}/.env.example`)),
  );
});

test.each(Object.entries(printed).filter(([path]) => path.endsWith('.env.example')))(
  '%s explains identity and NATS, and has no secret',
  (_, text) => {
    for (const name of ['JWT_SECRET', 'KEYCLOAK_REALM_URL', 'NATS_URL', 'DATABASE_URL'])
      expect(text).toContain(name);
    const values = text.matchAll(/^(?:# )?\w*(?:SECRET|KEYS?|PASSWORD|TOKEN)=(.*)$/gm);
    expect([...values].map(([, value]) => value).join('')).toBe('');
  },
);
