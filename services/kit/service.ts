import type { ConfigSpec } from './config.ts';
import type { Implementation } from './implement.ts';
import type { ServiceName } from './ports.ts';
import type { Process } from './process.ts';

/** A service: its name, which gives its port; what it is told beside what every process is; what it serves. */
export type Service<S extends ConfigSpec = ConfigSpec> = {
  name: ServiceName;
  config: S;
  implementations: (process: Process<S>) => Implementation[];
  /** Requests over this size are RESOURCE_EXHAUSTED. Default: 1 MiB. */
  maxRequestBytes?: number | undefined;
};

/** Defines a service: the default export of `services/<name>/service.ts`. */
export const service = <S extends ConfigSpec = Record<never, never>>(
  name: ServiceName,
  implementations: (process: Process<S>) => Implementation[],
  config: S = {} as S,
  { maxRequestBytes }: Pick<Service, 'maxRequestBytes'> = {},
): Service<S> => ({ name, config, implementations, maxRequestBytes });
