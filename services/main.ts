import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PORTS, serve, startProcess, type Service, type ServiceName } from '@crm/kit';

const USAGE = `Serves the named services, or all of them, in one process.

  node --import tsx services/main.ts [name …]

Names: ${available().join(', ')}. Configuration is read from the environment.`;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const names = positionals.length ? positionals : available();
const unknown = names.filter((name) => !(available() as string[]).includes(name));
if (values.help || unknown.length) {
  console.error(unknown.length ? `No service is called ${unknown.join(', ')}.\n\n${USAGE}` : USAGE);
  process.exit(values.help ? 0 : 2);
}

try {
  await main();
} catch (error) {
  console.error((error as Error).name === 'ConfigError' ? (error as Error).message : error);
  process.exit(1);
}

async function main(): Promise<void> {
  const services = await Promise.all(names.map(load));
  const spec = Object.assign({}, ...services.map((service) => service.config)) as Service['config'];
  const running = await startProcess(names.length === 1 ? names[0]! : 'services', spec);
  const { config, db, log, interceptors } = running;
  for (const { name, implementations, largeRequests, oneAtATime } of services) {
    const served = await serve({
      db,
      log,
      interceptors,
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

async function load(name: string): Promise<Service> {
  return ((await import(`./${name}/service.ts`)) as { default: Service }).default;
}

/** The services of the contract whose folder exists. */
function available(): ServiceName[] {
  const here = new Set(readdirSync(import.meta.dirname));
  return (Object.keys(PORTS) as ServiceName[]).filter(
    (name) => here.has(name) && existsSync(`${import.meta.dirname}/${name}/service.ts`),
  );
}
