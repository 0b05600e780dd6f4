import { fullPolitique, type FullPolitique } from '@crm/retry/politique';
import { PlainError } from '../plain-error.ts';
import { parseFile } from './read-policy.ts';

const isCount = (most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;

/** What each field must be: as in `retry.RetryAdminService/CreatePolicy`. */
const FIELDS: Record<keyof FullPolitique, { is: (value: unknown) => boolean; must: string }> = {
  delaisJours: {
    is: (value) => Array.isArray(value) && value.length <= 20 && value.every(isCount(365)),
    must: 'days in ascending order: [5, 10, 20]',
  },
  maxTentatives: { is: isCount(20), must: 'a number from 1 to 20' },
  maxJoursTotal: { is: isCount(365), must: 'a number from 1 to 365' },
  heureLimite: { is: (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(String(value)), must: 'a time: 10:00' },
  codesSupplementaires: {
    is: (value) => Array.isArray(value) && value.every((code) => /^[A-Z0-9]{4}$/.test(String(code))),
    must: 'reason codes: ["MS03"]',
  },
};

/**
 * Reads the retry policy of a file, `{"delaisJours": [5, 10, 20], "maxTentatives": 3, …}`. Omitted fields are
 * as in the built-in policy.
 * @param flag the flag that named the file, for errors
 * @throws {PlainError} naming the flag, the file and the field
 */
export function readRetryPolicy(flag: string, file: string): FullPolitique {
  const fault = (what: string) => new PlainError(`${flag} ${file}: ${what}`);
  const given = parseFile(file, fault);
  for (const [name, value] of Object.entries(given)) {
    const field = FIELDS[name as keyof FullPolitique];
    if (!field) throw fault(`${name} is no field. Known: ${Object.keys(FIELDS).join(', ')}.`);
    if (!field.is(value)) throw fault(`${name} must be ${field.must}.`);
  }
  try {
    return fullPolitique(given, 'policy');
  } catch (error) {
    throw fault((error as Error).message);
  }
}
