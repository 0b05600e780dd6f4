import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prismaCli } from '@crm/db/cli';
import { makeFrom } from './make-from.ts';
import { printValidateProto } from './print-validate-proto.ts';

const root = new URL('../', import.meta.url);
const path = (relative: string) => fileURLToPath(new URL(relative, root));
const STAMP = 'proto/gen/.stamp';
const LOCK = '.tools/generate.lock';

/**
 * Generates the protobuf code, the descriptor set and the Prisma client, if their sources have changed since
 * the last time. Several processes may call it at once. Returns whether there was anything to do.
 */
export async function generate(): Promise<boolean> {
  return await makeFrom(sources(), { stamp: path(STAMP), lock: path(LOCK) }, async () => {
    vendorProtos();
    await Promise.all([prismaCli(['generate']), generateProto()]);
  });
}

/** The sources of generated code, and the versions of the generators. */
function sources(): string[] {
  const inFolders = ['proto', 'prisma/schema'].flatMap((folder) =>
    readdirSync(path(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(?!gen|buf|grpc).*\.(proto|prisma)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return [
    'buf.gen.yaml',
    'buf.yaml',
    'services/console/buf.gen.yaml',
    'prisma.config.ts',
    'package.json',
    'tools/print-validate-proto.ts',
    ...inFolders,
  ];
}

/** Copies the .proto files of others, which ours import or which we serve, from their npm packages. */
function vendorProtos(): void {
  mkdirSync(path('proto/buf/validate'), { recursive: true });
  writeFileSync(path('proto/buf/validate/validate.proto'), printValidateProto());
  mkdirSync(path('proto/grpc/health/v1'), { recursive: true });
  copyFileSync(
    path('node_modules/grpc-health-check/proto/health/v1/health.proto'),
    path('proto/grpc/health/v1/health.proto'),
  );
}

async function generateProto(): Promise<void> {
  await buf('generate');
  await buf('build', 'proto', '-o', 'proto/gen/descriptor.binpb', '--as-file-descriptor-set');
  await buf('generate', '--template', 'services/console/buf.gen.yaml');
}

async function buf(...args: string[]): Promise<void> {
  await promisify(execFile)(path('node_modules/.bin/buf'), args, { cwd: path('.') });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log((await generate()) ? 'generated' : 'up to date');
}
