import { findNul } from './find-nul.ts';

test.each([
  ['a field', { nom: 'a\0b' }, 'nom'],
  ['a field of a message in a list', { lignes: [{ texte: 'a' }, { texte: '\0' }] }, 'lignes.1.texte'],
  ['the value of a map', { variables: { nom: '\0' } }, 'variables.nom'],
  ['the key of a map', { variables: { 'n\0om': '' } }, 'variables.nom'],
])('finds a NUL in %s', (_, message, path) => {
  expect(findNul(message)).toBe(path);
});

test('passes over bytes, numbers, instants and what is left out', () => {
  const message = {
    bytes: new Uint8Array(3),
    at: new Date(0),
    montant: 0n,
    nom: 'Zoé',
    absent: undefined,
  };
  expect(findNul(message)).toBeUndefined();
});
