import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { DEFAULT_POLITIQUE } from '@crm/retry/politique';
import { readPolicy, readRetryPolicy } from './read-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-policy-'));
const file = join(folder, 'policy.json');
afterAll(() => rmSync(folder, { recursive: true }));

const read = (content: unknown) => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readPolicy('--policy', file);
};

test('what a level leaves out is as in the default rule; levels are numbered and ordered', () => {
  expect(read({ niveaux: [{}, { delai: 'P30D', modele: 'relance' }] })).toEqual([
    DEFAULT_LEVEL,
    { ...DEFAULT_LEVEL, niveau: 2, delai: 'P30D', modele: 'relance' },
  ]);
  expect(read({ niveaux: [{ niveau: 3 }, { niveau: 1 }] }).map(({ niveau }) => niveau)).toEqual([1, 3]);
});

test.each([
  ['{', /^--policy .*policy\.json: is not JSON/],
  ['null', /"niveaux" must be a list of levels/],
  [{ niveaux: [] }, /"niveaux" must be a list/],
  [{ niveaux: [7] }, /niveaux\[0\] must be an object/],
  [{ niveaux: [{ delay: 'P1D' }] }, /niveaux\[0\]\.delay is not a field\. Known: niveau, base, delai/],
  [{ niveaux: [{ delai: '15' }] }, /niveaux\[0\]: delai: must be an ISO 8601 duration/],
  [{ niveaux: [{}, { base: 'DATE' }] }, /niveaux\[1\]\.base must be DATE_FACTURE or DATE_ECHEANCE/],
  [{ niveaux: [{ fermeture: '7pm' }] }, /niveaux\[0\]: fermeture: must be an hour/],
  [{ niveaux: [{ ouverture: '19:00', fermeture: '09:00' }] }, /fermeture must be after ouverture \(19:00\)/],
  [
    { niveaux: [{ niveau: 21, modele: 'bienvenue' }] },
    /niveau: must be .*20; modele: must be rappel, relance or mise-en-demeure/,
  ],
  [{ niveaux: [{ niveau: '1er' }] }, /niveaux\[0\]: .*niveau from JSON: expected number/],
  [{ niveaux: [{ ouverture: '20:00' }] }, /fermeture must be after ouverture \(20:00\)/],
  [{ niveaux: [{ niveau: 2 }, { niveau: 2 }] }, /level 2 is there twice/],
])('a file that is wrong is refused by flag, file and field: %j', (content, fault) => {
  expect(() => read(content)).toThrow(fault);
});

test('a file that is not there', () => {
  expect(() => readPolicy('--compare', join(folder, 'none.json'))).toThrow(/^--compare .*ENOENT/);
});

test.each([
  [{ delaisJours: [3, 2] }, /delaisJours: must ascend/],
  [{ maxTentatives: 21 }, /policy: maxTentatives: must be .*20/],
  [{ delais: [1] }, /policy\.delais is not a field\. Known: delaisJours, /],
  [[1], /policy must be an object/],
])('a retry policy that is wrong is refused, too: %j', (content, fault) => {
  writeFileSync(file, JSON.stringify(content));
  expect(() => readRetryPolicy('--policy', file)).toThrow(fault);
});

test('what a retry policy leaves out is as usual', () => {
  writeFileSync(file, JSON.stringify({ delaisJours: [2] }));
  expect(readRetryPolicy('--policy', file)).toEqual({ ...DEFAULT_POLITIQUE, delaisJours: [2] });
});
