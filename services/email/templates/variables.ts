import { dateInParis } from '@crm/domain';
import { invalid } from '@crm/kit';

/** The values from a caller, all as text. */
export type Variables = Record<string, string>;

/** How a variable is written, and the type that the template gets. */
export type Kind<T> = {
  /** Returns undefined if the value is malformed. */
  parse(value: string): T | undefined;
  /** What a value must be, for the error message. */
  must: string;
  optional?: boolean;
};

const matching = (value: string, pattern: RegExp) => (pattern.test(value) ? value : undefined);

/** One line of text. */
export const text: Kind<string> = { parse: (value) => value, must: 'be text' };

/** Euro cents as digits: `123456` is 1 234,56 €. */
export const cents: Kind<bigint> = {
  parse: (value) => (/^\d{1,15}$/.test(value) ? BigInt(value) : undefined),
  must: 'be an amount in cents, digits only: 123456 is 1 234,56 €',
};

/** Euro cents as digits, at least 1. */
export const owedCents: Kind<bigint> = {
  parse: (value) => cents.parse(value) || undefined,
  must: 'be an amount in cents above 0, digits only: nothing is asked for when nothing is due',
};

/** A whole number. */
export const count: Kind<number> = {
  parse: (value) => (/^\d{1,4}$/.test(value) ? Number(value) : undefined),
  must: 'be a whole number of at most four digits',
};

/** A calendar date; or an instant, which stands for its date in Paris. Parsed to `YYYY-MM-DD`. */
export const date: Kind<string> = {
  parse(value) {
    if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?Z)?$/.test(value)) return undefined;
    const day = value.slice(0, 10);
    // JavaScript turns 30 February into 2 March
    const at = new Date(value);
    if (Number.isNaN(at.getTime()) || new Date(day).toISOString().slice(0, 10) !== day) return undefined;
    return value === day ? day : dateInParis(at);
  },
  must: 'be a date YYYY-MM-DD that exists, or an instant in UTC',
};

/** A reason code of ISO 20022: `AM04`. */
export const reasonCode: Kind<string> = {
  parse: (value) => matching(value, /^[A-Z0-9]{1,10}$/),
  must: 'be a reason code such as AM04',
};

/** An https address. */
export const httpsUrl: Kind<string> = {
  parse: (value) => (URL.canParse(value) && /^https:\/\/[^\s"<>]+$/.test(value) ? value : undefined),
  must: 'be an https address',
};

/** One of some codes. */
export const oneOf = <const C extends string>(...codes: C[]): Kind<C> => ({
  parse: (value) => codes.find((code) => code === value),
  must: `be one of ${codes.join(', ')}`,
});

/** Makes a variable optional. */
export const optional = <T>(kind: Kind<T>): Kind<T> & { optional: true } => ({ ...kind, optional: true });

/** The variables of a template. */
export type Declared = Record<string, Kind<unknown>>;

type Parsed<K> = K extends Kind<infer T> ? T : never;
type OptionalNames<D extends Declared> = {
  [N in keyof D]: D[N] extends { optional: true } ? N : never;
}[keyof D];

/** The values that a template gets. */
export type ValuesOf<D extends Declared> = {
  [N in Exclude<keyof D, OptionalNames<D>>]: Parsed<D[N]>;
} & { [N in OptionalNames<D>]?: Parsed<D[N]> | undefined };

/** Line breaks, other control characters, and characters that change the direction of the following text. */
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Reads a caller's values as a template declares them. Blank values count as omitted. Unknown ones are
 * ignored, so that a newer caller may send more than this template knows.
 * @throws {RpcError} INVALID_ARGUMENT naming `variables.<name>`
 */
export function readVariables<D extends Declared>(
  modele: string,
  declared: D,
  given: Variables,
): ValuesOf<D> {
  const values: Record<string, unknown> = {};
  for (const [name, { parse, must, optional }] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name]!.trim() : '';
    if (value === '') {
      if (optional) continue;
      throw invalid(`variables.${name}`, `is required by the template ${modele}`);
    }
    if (UNFIT.test(value)) throw invalid(`variables.${name}`, 'must be one line without control characters');
    const parsed = parse(value);
    if (parsed === undefined) throw invalid(`variables.${name}`, `must ${must}`);
    values[name] = parsed;
  }
  return values as ValuesOf<D>;
}
