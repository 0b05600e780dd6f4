import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicy, readRetryPolicy } from './read-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-policy-'));
const file = join(folder, 'policy.json');
afterAll(() => rmSync(folder, { recursive: true }));

const read = (content: unknown) => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readPolicy('--policy', file);
};

test('a file says levels, a policy of retries, or both', () => {
  const { niveaux, reessais } = read({ niveaux: [{}, { delai: 'P30D', modele: 'relance' }] });
  expect(niveaux.map(({ delai, modele }) => [delai, modele])).toEqual([
    ['', ''],
    ['P30D', 'relance'],
  ]);
  expect(reessais).toBeUndefined();
  expect(read({ reessais: { delaisJours: [2] } }).reessais).toMatchObject({ delaisJours: [2] });
});

test.each([
  ['{', /^--policy .*policy\.json: is not JSON/],
  ['null', /"niveaux" must be a list of levels/],
  [{ niveaux: [] }, /"niveaux" must be a list/],
  [{ levels: [] }, /levels is not a field\. Known: niveaux, reessais/],
  [{ niveaux: [7] }, /niveaux\[0\] must be an object/],
  [
    { levels: 1, niveaux: [{ jours: 3 }, { base: 'HIER' }, { delai: 'P1X' }] },
    /levels is not a field[^]*niveaux\[0\]\.jours is not[^]*niveaux\[1\]\.base must be[^]*niveaux\[2\]: delai/,
  ],
  [{ niveaux: [{ delay: 'P1D' }] }, /niveaux\[0\]\.delay is not a field\. Known: niveau, base, delai/],
  [{ niveaux: [{ priorite: 1 }] }, /niveaux\[0\]\.priorite is not a field/],
  [{ niveaux: [{ delai: '15' }] }, /niveaux\[0\]: delai: must be an ISO 8601 duration/],
  [{ niveaux: [{}, { base: 'DATE' }] }, /niveaux\[1\]\.base must be DATE_FACTURE or DATE_ECHEANCE/],
  [{ niveaux: [{ fermeture: '7pm' }] }, /niveaux\[0\]: fermeture: must be an hour/],
  [
    { niveaux: [{ niveau: 21, modele: 'bienvenue' }] },
    /niveau: must be .*20; modele: must be rappel, relance or mise-en-demeure/,
  ],
  [{ niveaux: [{ niveau: '1er' }] }, /niveaux\[0\]: .*niveau from JSON: expected number/],
  [{ reessais: { maxTentatives: 21 } }, /reessais: maxTentatives: must be .*20/],
])('a file that is wrong is refused by flag, file and field: %j', (content, fault) => {
  expect(() => read(content)).toThrow(fault);
});

test('a file that is not there', () => {
  expect(() => readPolicy('--compare', join(folder, 'none.json'))).toThrow(/^--compare .*ENOENT/);
});

test.each([
  [{ maxTentatives: 21 }, /policy: maxTentatives: must be .*20/],
  [{ delais: [1] }, /policy\.delais is not a field\. Known: delaisJours, /],
  [[1], /policy must be an object/],
])('a retry policy that is wrong is refused, too: %j', (content, fault) => {
  writeFileSync(file, JSON.stringify(content));
  expect(() => readRetryPolicy('--policy', file)).toThrow(fault);
});
