import { cleanEnv, type CleanedEnv, type ValidatorSpec } from 'envalid';

/** The specification of a configuration: envalid validators with `desc` and, if sensible, `default`. */
export type ConfigSpec = Record<string, ValidatorSpec<unknown>>;
/** The typed values of a specification. */
export type ConfigOf<S extends ConfigSpec> = CleanedEnv<S>;

/** The configuration is wrong. The message names each variable and its fault. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment once into a typed, frozen object.
 * @throws {ConfigError} naming every missing or wrong variable; never the values, which may be secret
 */
export function config<S extends ConfigSpec>(spec: S, env: NodeJS.ProcessEnv = process.env): ConfigOf<S> {
  return cleanEnv(env, spec, {
    reporter: ({ errors }) => {
      const faults = Object.keys(errors).map((name) => {
        const desc = spec[name]?.desc;
        const what = env[name] === undefined ? 'is missing' : 'has a value that is not accepted';
        return `${name} ${what}${desc ? ` (${desc})` : ''}`;
      });
      if (faults.length) throw new ConfigError(`Configuration: ${faults.join('; ')}.`);
    },
  });
}
