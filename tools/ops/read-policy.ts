import { readFileSync } from 'node:fs';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { descriptors, validateMessage } from '@crm/kit';
import { PolitiqueSimulee } from '@crm/proto/relance/simulation';
import { Politique } from '@crm/proto/retry/retry';
import { PlainError } from '../plain-error.ts';

/** What a level of a supposed policy has not: it belongs to no organisation. */
const NOT_OF_A_LEVEL = ['organisationId', 'priorite'];

/**
 * A policy file, `{"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D", …}], "reessais": {…}}`: the levels by
 * the rules of `relance.RegleRelanceService/Create`, the policy of retries as in `readRetryPolicy`. What is left out is
 * as usual.
 * @param flag that named the file, for errors
 * @throws {PlainError} naming the flag, the file and the field
 */
export const readPolicy = (flag: string, file: string): PolitiqueSimulee =>
  reading(flag, file, (content) => {
    const { niveaux = [], reessais, ...more } = content as { niveaux?: unknown; reessais?: JsonValue };
    const isList = Array.isArray(niveaux) && (niveaux.length > 0 || Boolean(reessais));
    const levels: unknown[] = Array.isArray(niveaux) ? niveaux : [];
    refuse([
      ...Object.keys(more).map((unknown) => `${unknown} is not a field. Known: niveaux, reessais.`),
      ...(isList ? [] : ['"niveaux" must be a list of levels.']),
      ...levels.flatMap((level, index) =>
        faultsOf(level as JsonValue, 'relance.CreateRegleRelanceRequest', `niveaux[${index}]`),
      ),
      ...(reessais ? faultsOf(reessais, 'retry.Politique', 'reessais') : []),
    ]);
    return PolitiqueSimulee.fromJSON(content);
  });

/** The retry policy of a file, `{"delaisJours": [5, 10, 20], "maxTentatives": 3, …}`, alike. */
export const readRetryPolicy = (flag: string, file: string): Politique =>
  reading(flag, file, (content) => {
    refuse(faultsOf(content, 'retry.Politique', 'policy'));
    return Politique.fromJSON(content);
  });

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

/** @throws {Error} with all faults, one a line */
function refuse(faults: string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** What is wrong with an object by the rules of a message's fields in its `.proto`, each with where and the field. */
function faultsOf(given: JsonValue, type: string, where: string): string[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return [`${where} must be an object.`];
  const message = descriptors.getMessage(type)!;
  const fields = message.fields.filter(({ jsonName }) => !NOT_OF_A_LEVEL.includes(jsonName));
  const known = fields.map(({ jsonName }) => jsonName);
  const faults = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((unknown) => `${where}.${unknown} is not a field. Known: ${known.join(', ')}.`);
  const readable = { ...given };
  for (const { jsonName, enum: choice } of fields) {
    const names = choice?.values.filter(({ number }) => number > 0).map(({ name }) => name);
    // fromJson names the enum, and not the field
    const said = given[jsonName];
    if (!names || said === undefined || (typeof said === 'string' && names.includes(said))) continue;
    faults.push(`${where}.${jsonName} must be ${names.join(' or ')}.`);
    delete readable[jsonName];
  }
  for (const name of Object.keys(given)) if (!known.includes(name)) delete readable[name];
  try {
    validateMessage(message, fromJson(message, readable));
  } catch (error) {
    faults.push(`${where}: ${(error as Error).message}`);
  }
  return faults;
}
