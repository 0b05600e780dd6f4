import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { organisationNamer, PORTS, serve, startProcess, type Service, type ServiceName } from '@crm/kit';
import type Console from './console/service.ts';

const CONSOLE = 'console';
/** It looks at all the others, so it is served alone. */
const OPS = 'ops';
const USAGE = `Serves the named services, or all of them, in one process; or one of those that are processes of their own: the console, and ops.

  node --import tsx services/main.ts [name …]
  node --import tsx services/main.ts ${CONSOLE} | ${OPS}

Names: ${available().join(', ')}. Configuration is read from the environment.`;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const names = positionals.length ? positionals : available();
const isConsole = names.length === 1 && names[0] === CONSOLE;
const isOps = names.length === 1 && names[0] === OPS;
const unknown = isConsole || isOps ? [] : names.filter((name) => !(available() as string[]).includes(name));
if (values.help || unknown.length) {
  console.error(unknown.length ? `No service is called ${unknown.join(', ')}.\n\n${USAGE}` : USAGE);
  process.exit(values.help ? 0 : 2);
}

try {
  await (isConsole ? serveConsole() : serveServices());
} catch (error) {
  console.error((error as Error).name === 'ConfigError' ? (error as Error).message : error);
  process.exit(1);
}

async function serveConsole(): Promise<void> {
  const console = await load<typeof Console>(CONSOLE);
  const running = await startProcess(CONSOLE, console.config);
  await console.start(running);
  await running.run({});
}

async function serveServices(): Promise<void> {
  const services = await Promise.all(names.map((name) => load<Service>(name)));
  const spec = Object.assign({}, ...services.map((service) => service.config)) as Service['config'];
  const running = await startProcess(names.length === 1 ? names[0]! : 'services', spec);
  const { config, db, log, interceptors } = running;
  const { get } = running.call('organisations', OrganisationServiceService);
  const organisationName = organisationNamer(get);
  for (const { name, implementations, largeRequests, oneAtATime } of services) {
    const served = await serve({
      db,
      log,
      interceptors,
      organisationName,
      implementations: implementations(running),
      host: config.HOST,
      port: PORTS[name] + config.PORT_OFFSET,
      reflection: config.REFLECTION_ENABLED,
      largeRequests,
      oneAtATime,
    });
    running.onStop(() => served.stop());
    log.info({ service: name, port: served.port }, 'serving');
  }
  await running.run({});
}

async function load<T>(name: string): Promise<T> {
  return ((await import(`./${name}/service.ts`)) as { default: T }).default;
}

/** The services of the contract whose folder exists, without `ops`. */
function available(): ServiceName[] {
  const here = new Set(readdirSync(import.meta.dirname));
  return (Object.keys(PORTS) as ServiceName[]).filter(
    (name) => name !== OPS && here.has(name) && existsSync(`${import.meta.dirname}/${name}/service.ts`),
  );
}
