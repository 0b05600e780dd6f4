import { readFileSync } from 'node:fs';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { descriptors, validateMessage } from '@crm/kit';
import type { Level } from '@crm/relance/due-at';
import { DEFAULT_LEVEL, levelFaults, templateOf } from '@crm/relance/regles-relance';
import { DEFAULT_POLITIQUE, fullPolitique, type FullPolitique } from '@crm/retry/politique';
import { PlainError } from '../plain-error.ts';

/**
 * The levels of a policy file, `{"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D", …}]}`, by the rules
 * of `relance.RegleRelanceService/Create`; what a level leaves out is as in the default rule.
 * @param flag that named the file, for errors
 * @throws {PlainError} naming the flag, the file and the field
 */
export const readPolicy = (flag: string, file: string): Level[] =>
  reading(flag, file, (content) => {
    const { niveaux } = content as { niveaux?: unknown };
    if (!Array.isArray(niveaux) || niveaux.length === 0)
      throw new Error('"niveaux" must be a list of levels.');
    const levels = niveaux.map((given: JsonValue, index) => {
      const where = `niveaux[${index}]`;
      const said = checked(given, 'relance.CreateRegleRelanceRequest', DEFAULT_LEVEL, where);
      const level: Level = { ...DEFAULT_LEVEL, niveau: index + 1, ...said, modele: said.modele ?? '' };
      const faults = levelFaults(level).map(({ field, description }) => `${where}.${field} ${description}`);
      if (faults.length > 0) throw new Error(faults.join('; '));
      return { ...level, modele: templateOf(level) };
    });
    levels.sort((a, b) => a.niveau - b.niveau);
    const twice = levels.find(({ niveau }, index) => levels[index + 1]?.niveau === niveau);
    if (twice) throw new Error(`level ${twice.niveau} is there twice.`);
    return levels;
  });

/** The retry policy of a file, `{"delaisJours": [5, 10, 20], "maxTentatives": 3, …}`, alike. */
export const readRetryPolicy = (flag: string, file: string): FullPolitique =>
  reading(flag, file, (content) =>
    fullPolitique(checked(content, 'retry.Politique', DEFAULT_POLITIQUE, 'policy'), 'policy'),
  );

function reading<T>(flag: string, file: string, understand: (content: JsonValue) => T): T {
  try {
    return understand((JSON.parse(readFileSync(file, 'utf8')) as JsonValue) ?? {});
  } catch (error) {
    const { message, syscall, code } = error as NodeJS.ErrnoException;
    const isJson = !(error instanceof SyntaxError);
    const fault = syscall ? `cannot be read (${code}).` : isJson ? message : `is not JSON: ${message}`;
    throw new PlainError(`${flag} ${file}: ${fault}`);
  }
}

/**
 * Checks an object by the rules of a message's fields in its `.proto`.
 * @param all an object with every field that is allowed
 * @returns the object without fields that are zero or empty, as on the wire
 */
function checked<T extends object>(given: JsonValue, type: string, all: T, where: string): Partial<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error(`${where} must be an object.`);
  const unknown = Object.keys(given).find((name) => !(name in all));
  if (unknown) throw new Error(`${where}.${unknown} is not a field. Known: ${Object.keys(all).join(', ')}.`);
  const message = descriptors.getMessage(type)!;
  for (const { jsonName, enum: choice } of message.fields) {
    const names = choice?.values.filter(({ number }) => number > 0).map(({ name }) => name);
    // fromJson names the enum, and not the field
    const said = given[jsonName];
    if (names && said !== undefined && !(typeof said === 'string' && names.includes(said)))
      throw new Error(`${where}.${jsonName} must be ${names.join(' or ')}.`);
  }
  try {
    validateMessage(message, fromJson(message, given));
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`);
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Partial<T>;
}
