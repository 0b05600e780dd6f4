import { Script } from 'node:vm';

/** `bon-commande` of `bonCommande`, `BonCommande`, `bon-commande` or `bon_commande`. */
export const kebab = (name: string): string => words(name).join('-');
/** `bon_commande`. */
export const snake = (name: string): string => words(name).join('_');
/** `BonCommande`. */
export const pascal = (name: string): string => words(name).map(capital).join('');
/** `bonCommande`. */
export const camel = (name: string): string =>
  words(name)
    .map((word, index) => (index ? capital(word) : word))
    .join('');
/** `BON_COMMANDE`. */
export const upper = (name: string): string => snake(name).toUpperCase();

/** Whether a name cannot be that of a variable: `new`, `class`. */
export function isReserved(name: string): boolean {
  try {
    new Script(`'use strict'; const ${camel(name)} = 1;`);
    return false;
  } catch {
    return true;
  }
}

const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]/)
    .filter(Boolean);

export const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
