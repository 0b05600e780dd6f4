import { readFileSync } from 'node:fs';
import { BaseRelance } from '@crm/proto/relance/relance';
import type { Level } from '@crm/relance/due-at';
import { DEFAULT_LEVEL, isAfter } from '@crm/relance/regles-relance';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const BASES: string[] = [BaseRelance.DATE_FACTURE, BaseRelance.DATE_ECHEANCE];

/** The templates for reminders. */
const REMINDERS = ['rappel', 'relance', 'mise-en-demeure'];

/** What each field must be: as in `relance.RegleRelanceService/Create`. */
const FIELDS: Record<keyof Level, { is: (value: unknown) => boolean; must: string }> = {
  niveau: {
    is: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 20,
    must: 'a number from 1 to 20',
  },
  base: { is: (value) => BASES.includes(String(value)), must: BASES.join(' or ') },
  delai: { is: isDuration, must: 'an ISO 8601 duration: P15D' },
  modele: { is: (value) => REMINDERS.includes(String(value)), must: REMINDERS.join(' or ') },
  ouverture: { is: (value) => TIME.test(String(value)), must: 'a time: 09:00' },
  fermeture: { is: (value) => TIME.test(String(value)), must: 'a time: 19:00' },
  tousLesJours: { is: (value) => typeof value === 'boolean', must: 'true or false' },
  espacement: { is: isDuration, must: 'an ISO 8601 duration: PT24H' },
};

/**
 * Reads the levels of a policy file, `{"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D",
 * …}]}`. Omitted fields are as in the default rule.
 * @param flag the flag that named the file, for errors
 * @throws {PlainError} naming the flag, the file and the field
 */
export function readPolicy(flag: string, file: string): Level[] {
  const fault = (what: string) => new PlainError(`${flag} ${file}: ${what}`);
  const { niveaux } = parseFile(file, fault) as { niveaux?: unknown };
  if (!Array.isArray(niveaux) || niveaux.length === 0) throw fault('"niveaux" must be a list of levels.');
  const levels = niveaux.map((given: unknown, index) => {
    if (typeof given !== 'object' || given === null) throw fault(`niveaux[${index}] must be an object.`);
    for (const [name, value] of Object.entries(given)) {
      const field = FIELDS[name as keyof Level];
      if (!field)
        throw fault(`niveaux[${index}].${name} is no field. Known: ${Object.keys(FIELDS).join(', ')}.`);
      if (!field.is(value)) throw fault(`niveaux[${index}].${name} must be ${field.must}.`);
    }
    const level = { ...DEFAULT_LEVEL, niveau: index + 1, ...given };
    const { ouverture, fermeture } = level;
    if (!isAfter(fermeture, ouverture))
      throw fault(`niveaux[${index}].fermeture must be after ouverture (${ouverture}), or 00:00.`);
    return level;
  });
  levels.sort((a, b) => a.niveau - b.niveau);
  const twice = levels.find(({ niveau }, index) => levels[index + 1]?.niveau === niveau);
  if (twice) throw fault(`level ${twice.niveau} is there twice.`);
  return levels;
}

/** @throws the error that `fault` makes of the problem */
export function parseFile(file: string, fault: (what: string) => PlainError): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fault(`cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch (error) {
    throw fault(`is no JSON: ${(error as Error).message}`);
  }
}

function isDuration(value: unknown): boolean {
  try {
    return typeof value === 'string' && Temporal.Duration.from(value).sign >= 0;
  } catch {
    return false;
  }
}
