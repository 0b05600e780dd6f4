import { readFileSync } from 'node:fs';
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
 * Reads the environment once into a typed, frozen object. Each variable may also be in a file, which `<name>_FILE` names:
 * so secrets are mounted in containers.
 * @throws {ConfigError} naming every missing or wrong variable; never the values, which may be secret
 */
export function config<S extends ConfigSpec>(spec: S, env: NodeJS.ProcessEnv = process.env): ConfigOf<S> {
  const { values, faults } = withFiles(Object.keys(spec), env);
  return cleanEnv(values, spec, {
    reporter: ({ errors }) => {
      const others = Object.keys(errors).filter((name) => !faults.has(name));
      for (const name of others) {
        const desc = spec[name]?.desc;
        const what = values[name] === undefined ? 'is missing' : 'has a value that is not accepted';
        faults.set(name, `${name} ${what}${desc ? ` (${desc})` : ''}`);
      }
      if (faults.size) throw new ConfigError(`Configuration: ${[...faults.values()].join('; ')}.`);
    },
  });
}

/** The environment with the variables that are in files, and what is wrong with those, by variable. */
function withFiles(names: string[], env: NodeJS.ProcessEnv) {
  const values = { ...env };
  const faults = new Map<string, string>();
  for (const name of names) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    try {
      if (env[name]) throw new Error(`${name} and ${name}_FILE are both set: unset one of them`);
      // editors end a file with a line end, which is no part of a secret
      values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      faults.set(name, code ? `${name}_FILE names a file that cannot be read (${code})` : message);
    }
  }
  return { values, faults };
}
