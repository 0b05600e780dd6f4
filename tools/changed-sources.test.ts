import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consequenceOf, READ_BY_SERVICES } from './changed-sources.ts';
import { ROOT } from './data-folder.ts';

test.each([
  ['services/relance/due-at.ts', ['services']],
  ['services/main.ts', ['services', 'ops', 'console']],
  ['services/console/sessions.ts', ['console']],
  ['services/ops/decide.ts', ['ops']],
  ['workers/nats/publish.ts', ['workers', 'ops']],
  ['services/console/web/style/base.css', ['console']],
  ['services/console/gen/pages/index.html', []],
  ['services/email/templates/bienvenue.tsx', ['services']],
  ['services/kit/effects/emit.ts', ['services', 'workers', 'ops', 'console']],
  ['workers/bridge/bridge.ts', ['workers']],
  ['workflows/payment-retry.ts', ['workers']],
  ['workflows/events.ts', ['services', 'workers', 'ops']],
  ['proto/clients/clients.proto', ['services', 'workers', 'ops', 'console']],
  ['prisma/schema/clients.prisma', ['services', 'workers', 'ops', 'console']],
  ['prisma/migrations/20261128000000_x/migration.sql', ['services', 'workers', 'ops', 'console']],
  ['services/relance/due-at.test.ts', []],
  ['services/email/testing/picture-templates.ts', []],
  ['services/clients/.env.example', []],
  ['proto/gen/clients/clients.ts', []],
  ['proto/buf/validate/validate.proto', []],
  ['workflows/generated/3f.cjs', []],
])('a change of %s starts %j again', (path, names) => {
  expect(consequenceOf([path]).restart).toEqual(names);
});

test('what is made from sources is made anew, and only that', () => {
  expect(consequenceOf(['proto/clients/clients.proto'])).toMatchObject({
    generate: true,
    bundle: true,
    pages: true,
  });
  expect(consequenceOf(['services/console/web/main.tsx'])).toMatchObject({ pages: true, bundle: false });
  expect(consequenceOf(['services/console/sessions.ts'])).toMatchObject({ pages: false });
  expect(consequenceOf(['prisma/schema/a.prisma'])).toMatchObject({ generate: true, migrate: false });
  expect(consequenceOf(['prisma/migrations/1_x/migration.sql'])).toMatchObject({ migrate: true });
  expect(consequenceOf(['workflows/first-follow-up.ts'])).toMatchObject({ generate: false, bundle: true });
  expect(consequenceOf(['services/kit/effects/emit.ts'])).toMatchObject({ generate: false, bundle: false });
});

test('the workflow code that services read is named', () => {
  const read = new Set<string>();
  function follow(folder: string, pattern: RegExp): void {
    for (const file of readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive: true }).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    ))
      followFile(`${folder}/${file}`, pattern);
  }
  function followFile(path: string, pattern: RegExp): void {
    for (const [, name] of readFileSync(join(ROOT, path), 'utf8').matchAll(pattern)) {
      if (read.has(name!)) continue;
      read.add(name!);
      followFile(`workflows/${name}.ts`, /^(?:import(?! type)|export)[^;]*? from '\.\/([\w-]+)\.ts'/gm);
    }
  }
  follow('services', /(?:^import(?! type)[^;]*? from |import\()'@crm\/workflows\/([\w-]+)'/gm);
  expect([...read].sort()).toEqual(READ_BY_SERVICES);
});
