import type { ConfigSpec } from '../process/config.ts';
import type { Implementation } from './implement.ts';
import type { ServiceName } from '../process/ports.ts';
import type { Process } from '../process/process.ts';

/** A service: its name, which determines its port; its own settings; and what it serves. */
export type Service<S extends ConfigSpec = ConfigSpec> = {
  name: ServiceName;
  config: S;
  implementations: (process: Process<S>) => Implementation[];
  /** The maximum bytes of a request, by the full names of methods that accept more than 1 MiB. */
  largeRequests?: ReadonlyMap<string, number> | undefined;
  /**
   * The full names of methods that process one call at a time, from its first byte to the end of its work.
   */
  oneAtATime?: ReadonlySet<string> | undefined;
};

/** Defines a service: the default export of `services/<name>/service.ts`. */
export const service = <S extends ConfigSpec = Record<never, never>>(
  name: ServiceName,
  implementations: (process: Process<S>) => Implementation[],
  config: S = {} as S,
  limits: Pick<Service, 'largeRequests' | 'oneAtATime'> = {},
): Service<S> => ({ name, config, implementations, ...limits });
