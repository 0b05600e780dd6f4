import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PORTS } from '@crm/kit/ports';
import { addTo, listOf } from './add-to.ts';
import type { Draft } from './draft.ts';
import { camel, capital, isReserved, kebab, pascal, snake } from './words.ts';

export type ServiceOptions = { entity?: string };

/** The names for a service with one plain entity. */
type Names = { name: string; port: number; entity: string; model: string; plural: string };

/** A name in a sentence: `bon commande` for `BonCommande`. */
const spaced = (name: string): string => kebab(name).replaceAll('-', ' ');
const inWords = (entity: string): string => `${/^[aeiou]/i.test(entity) ? 'an' : 'a'} ${spaced(entity)}`;

/** The default entity of a service: `Fournisseur` for `fournisseurs`. */
const entityOf = (name: string, { entity }: ServiceOptions): string =>
  pascal(entity ?? name.replace(/(?<=...)s$/, ''));

/** Why a service with this name cannot be created. */
export function serviceFaults(draft: Draft, name: string, options: ServiceOptions): string[] {
  const faults: string[] = [];
  const entity = entityOf(name, options);
  if (!/^[a-z][a-z0-9]{2,29}$/.test(name))
    faults.push(
      `${name}: the name of a service has 3 to 30 small letters and digits, such as "fournisseurs"`,
    );
  if (!/^[A-Z][A-Za-z0-9]{1,40}$/.test(entity))
    faults.push(`${entity} is not the name of an entity, such as "Fournisseur"`);
  for (const word of new Set([name, entity]))
    if (isReserved(word)) faults.push(`${word} is a word of JavaScript`);
  const containers = [...draft.read('docker/compose.yaml').matchAll(/^ {2}([\w-]+):$/gm)].map(
    ([, found]) => found!,
  );
  const folders = ['.', 'proto', 'services'].flatMap((folder) => readdirSync(join(draft.root, folder)));
  const schemas = [...draft.read('prisma/schema/schema.prisma').matchAll(/"(\w+)"/g)].map(
    ([, found]) => found!,
  );
  const packages = ['db', 'nats', 'default'];
  if ([...folders, ...containers, ...schemas, ...packages, ...Object.keys(PORTS)].includes(name))
    faults.push(`${name} is taken: by a service, a folder, a container or a schema of the database`);
  const models = readdirSync(join(draft.root, 'prisma/schema')).flatMap((file) =>
    [...draft.read(`prisma/schema/${file}`).matchAll(/^(?:model|enum) (\w+)/gm)].map(([, found]) => found!),
  );
  if (models.includes(entity))
    faults.push(`${entity} is a model of the database already: name another one, --entity <Name>`);
  return faults;
}

/** Writes a service with Create, Get, Update and List of one entity, everywhere services are listed. */
export function writeService(draft: Draft, name: string, options: ServiceOptions): void {
  const entity = entityOf(name, options);
  const model = camel(entity);
  const plural = /[sx]$/.test(model) ? model : `${model}s`;
  const port = Math.max(...Object.values(PORTS)) + 1;
  const names: Names = { name, port, entity, model, plural };
  draft.create(`proto/${name}/${name}.proto`, protoOf(names));
  draft.create(`prisma/schema/${name}.prisma`, modelOf(names));
  draft.create(`prisma/migrations/${timestamp(draft)}_${name}/migration.sql`, migrationOf(names));
  draft.change('prisma/schema/schema.prisma', (text) =>
    text.replace(/schemas {2}= \[(.*)\]/, (_, found: string) => {
      const schemas = [...found.split(', '), `"${name}"`].sort();
      return `schemas  = [${schemas.join(', ')}]`;
    }),
  );
  const packageJson = {
    name: `@crm/${name}`,
    private: true,
    type: 'module',
    nx: { tags: ['type:service'] },
    exports: {},
  };
  draft.create(`services/${name}/package.json`, JSON.stringify(packageJson, null, 2));
  draft.create(`services/${name}/service.ts`, serviceOf(names));
  draft.create(`services/${name}/${kebab(plural)}.ts`, entityFileOf(names));
  draft.create(`test/e2e/${name}.test.ts`, testOf(names));
  draft.change('package-lock.json', (text) => withWorkspace(text, name));
  draft.change('services/kit/process/ports.ts', (text) =>
    addTo(text, 'PORTS in services/kit/process/ports.ts', listOf('PORTS'), `${name}: ${port}`),
  );
  draft.change('services/console/rpcs-for-people.ts', (text) => {
    const rpcs = `'${name}.${entity}Service': { people: ['Create', 'Get', 'Update', 'List'] }`;
    return addTo(text, 'RPCS in services/console/rpcs-for-people.ts', listOf('RPCS'), rpcs);
  });
  const address = `${name.toUpperCase()}_ADDRESS`;
  draft.insertAfter(
    'docker/compose.yaml',
    /^ {2}[A-Z0-9]+_ADDRESS: \w+:\d+$/,
    `  ${address}: ${name}:${port}`,
  );
  draft.change('docker/compose.yaml', (text) => {
    const container = `  ${name}:\n    <<: *service\n    command: [services/main.ts, ${name}]\n    ports: ['127.0.0.1:${port}:${port}']\n`;
    if (!text.includes('\nvolumes:\n'))
      throw new Error('docker/compose.yaml has no volumes any more, before which services end');
    return text.replace('\nvolumes:\n', `\n${container}\nvolumes:\n`);
  });
  draft.insertAfter(
    'docker/k8s/suivi/config.yaml',
    /^ {2}[A-Z0-9]+_ADDRESS: services:\d+$/,
    `  ${address}: services:${port}`,
  );
  const manifests = 'docker/k8s/suivi/services.yaml';
  draft.change(manifests, (text) => {
    // its first document and its first Deployment belong to the process with most services
    const [ports, deployment, ...others] = text.split('\n---\n');
    const lastPort = /( {4}- \{ name: \w+, port: \d+ \})$/;
    const lastName = /( {12}- \w+)(?=\n {10}env:)/;
    if (!lastPort.test(ports!) || !lastName.test(deployment!))
      throw new Error(`${manifests} is not as it was`);
    return [
      ports!.replace(lastPort, `$1\n    - { name: ${name}, port: ${port} }`),
      deployment!.replace(lastName, `$1\n            - ${name}`),
      ...others,
    ].join('\n---\n');
  });
  draft.insertAfter('README.md', /^\| telling people +\|/, `| to be described | ${name} |`);
}

/** What is left to do by hand. */
export const serviceNext = (name: string): string[] => [
  `Add its fields and methods: proto/${name}/${name}.proto, prisma/schema/${name}.prisma with its migration, services/${name}/.`,
  `README.md lists it under "to be described", in the table of the services: move it to where it belongs.`,
  `Try it: npm test -- test/e2e/${name}`,
];

const protoOf = ({ name, entity, plural }: Names) => `syntax = "proto3";

package ${name};

import "buf/validate/validate.proto";
import "google/protobuf/timestamp.proto";
import "rules/rules.proto";

// Creates, changes and lists ${spaced(plural)}.
service ${entity}Service {
  // Creates ${inWords(entity)}.
  rpc Create(Create${entity}Request) returns (${entity});
  // Returns ${inWords(entity)}.
  rpc Get(Get${entity}Request) returns (${entity});
  // Changes the fields that are given, and only those.
  rpc Update(Update${entity}Request) returns (${entity});
  // Lists ${spaced(plural)}, newest first, one page at a time.
  rpc List(List${pascal(plural)}Request) returns (List${pascal(plural)}Response);
}

// ${capital(inWords(entity))}.
message ${entity} {
  string id = 1;
  string organisation_id = 2;
  string nom = 3;
  google.protobuf.Timestamp created_at = 4;
  google.protobuf.Timestamp updated_at = 5;
}

// ${capital(inWords(entity))} to create.
message Create${entity}Request {
  // If omitted: "default".
  string organisation_id = 1 [(buf.validate.field).string.(rules.optional_reference) = true];
  string nom = 2 [(buf.validate.field).string = {
    max_len: 200
    [rules.not_blank]: true
    [rules.one_line]: true
  }];
}

// Identifies ${inWords(entity)}.
message Get${entity}Request {
  string id = 1 [(buf.validate.field).string.(rules.reference) = true];
}

// Changes to ${inWords(entity)}. Omitted fields stay as they are.
message Update${entity}Request {
  string id = 1 [(buf.validate.field).string.(rules.reference) = true];
  optional string nom = 2 [(buf.validate.field).string = {
    max_len: 200
    [rules.not_blank]: true
    [rules.one_line]: true
  }];
}

// Selects a page of ${spaced(plural)}.
message List${pascal(plural)}Request {
  // If omitted: every organisation.
  string organisation_id = 1 [(buf.validate.field).string.(rules.optional_reference) = true];
  int32 page_size = 2 [(buf.validate.field).int32.(rules.page_size) = true];
  string page_token = 3 [(buf.validate.field).string.(rules.page_token) = true];
}

// A page of ${spaced(plural)}.
message List${pascal(plural)}Response {
  repeated ${entity} ${snake(plural)} = 1;
  // Empty on the last page.
  string next_page_token = 2;
}
`;

const modelOf = ({ name, entity, plural }: Names) => `model ${entity} {
  id             String   @id
  organisationId String   @map("organisation_id")
  nom            String
  createdAt      DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
  updatedAt      DateTime @updatedAt @map("updated_at") @db.Timestamptz(3)

  @@index([organisationId, id])
  @@map("${snake(plural)}")
  @@schema("${name}")
}
`;

const migrationOf = ({ name, plural }: Names) => `-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "${name}";

-- CreateTable
CREATE TABLE "${name}"."${snake(plural)}" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "${snake(plural)}_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "${snake(plural)}_organisation_id_id_idx" ON "${name}"."${snake(plural)}"("organisation_id", "id");
`;

const serviceOf = ({ name, entity, plural }: Names) => `import { implement, service } from '@crm/kit';
import { ${entity}ServiceService } from '@crm/proto/${name}/${name}';
import { ${plural} } from './${kebab(plural)}.ts';

export default service('${name}', ({ db }) => [implement(${entity}ServiceService, ${plural}(db))]);
`;

const entityFileOf = ({ name, entity, model, plural }: Names) => `import type { Db } from '@crm/db';
import { DEFAULT_ORGANISATION, entity, type Methods } from '@crm/kit';
import { ${entity}, type ${entity}ServiceService } from '@crm/proto/${name}/${name}';

/** A plain entity: a verb with substance has a file of its own. */
export const ${plural} = (db: Db): Methods<typeof ${entity}ServiceService> =>
  entity(db, {
    model: '${model}',
    plural: '${plural}',
    message: ${entity},
    defaults: { organisationId: DEFAULT_ORGANISATION },
  });
`;

const testOf = ({
  name,
  entity,
  plural,
}: Names) => `import { ${entity}ServiceService } from '@crm/proto/${name}/${name}';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const ${plural} = stack.client('${name}', ${entity}ServiceService);

afterAll(() => stack.close());

test('what is created can be read, changed and listed', async () => {
  const organisationId = unique('org');
  const created = await ${plural}.create({ organisationId, nom: 'Avant' });
  expect(created).toMatchObject({ organisationId, nom: 'Avant' });
  expect(await ${plural}.get({ id: created.id })).toEqual(created);
  const changed = await ${plural}.update({ id: created.id, nom: 'Après' });
  expect(changed).toEqual({ ...created, nom: 'Après', updatedAt: changed.updatedAt });
  expect((await ${plural}.list({ organisationId })).${plural}).toEqual([changed]);
});

test('a blank name is refused, and an unknown id is not found', async () => {
  expect(await refusalOf(${plural}.create({ nom: ' ' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field: 'nom' }],
  });
  expect((await refusalOf(${plural}.get({ id: unique('${kebab(entity)}') }))).code).toBe('NOT_FOUND');
});
`;

/** Later than every migration that there is: `20261128112233`. */
function timestamp(draft: Draft): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const last = readdirSync(join(draft.root, 'prisma/migrations'))
    .filter((found) => /^\d{14}_/.test(found))
    .sort()
    .at(-1)!;
  return String(Math.max(Number(now), Number(last.slice(0, 14)) + 1));
}

/** The lock file with a workspace more, as npm writes it. */
function withWorkspace(text: string, name: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, object> };
  lock.packages[`node_modules/@crm/${name}`] = { resolved: `services/${name}`, link: true };
  lock.packages[`services/${name}`] = { name: `@crm/${name}` };
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`;
}
