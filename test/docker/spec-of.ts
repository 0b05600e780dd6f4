import { processSpec, type ConfigSpec, type Service } from '@crm/kit';
import { ROOT } from '@crm/tools/data-folder';
import { workersSpec } from '@crm/workers/config';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The settings that a process reads, by the command of its container. */
export async function specOf([script, ...parts]: string[]): Promise<ConfigSpec> {
  const specs: ConfigSpec[] = script === 'prisma/cli.ts' ? [] : [processSpec];
  if (script === 'workers/main.ts') specs.push(workersSpec);
  for (const name of script === 'services/main.ts' ? parts : []) {
    const own = pathToFileURL(join(ROOT, 'services', name, 'service.ts')).href;
    specs.push(((await import(own)) as { default: Service }).default.config);
  }
  return Object.assign({}, ...specs) as ConfigSpec;
}

/** The settings whose defaults are on the same machine, which a container must override. */
export const localOf = (spec: ConfigSpec): string[] =>
  Object.entries(spec)
    .filter(
      ([key, { default: value }]) =>
        key !== 'HOST' && typeof value === 'string' && value.includes('127.0.0.1'),
    )
    .map(([key]) => key);
