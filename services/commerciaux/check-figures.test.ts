import { checkFigures, type Figures } from './check-figures.ts';

const palier = (aPartirDe: bigint, tauxPointsBase = 100) => ({ aPartirDe, tauxPointsBase });
const none: Figures = { paliers: [] };

test.each([
  ['FIXE', { ...none, montantFixe: 5000n }],
  ['POURCENTAGE', { ...none, tauxPointsBase: 250 }],
  ['PALIERS', { paliers: [palier(0n)] }],
  ['PALIERS', { paliers: [palier(0n, 0), palier(1n, 10_000), palier(100_000n)] }],
] as const)('a barème %s with its figure %#', (type, figures) => {
  expect(() => checkFigures(type, figures as Figures, true)).not.toThrow();
});

test.each([
  ['FIXE', none, 'montantFixe'],
  ['POURCENTAGE', { ...none, tauxPointsBase: 0 }, 'tauxPointsBase'],
  ['PALIERS', none, 'paliers'],
  ['FIXE', { ...none, montantFixe: 1n, tauxPointsBase: 1 }, 'tauxPointsBase'],
  ['FIXE', { montantFixe: 1n, paliers: [palier(0n)] }, 'paliers'],
  ['POURCENTAGE', { ...none, montantFixe: 1n, tauxPointsBase: 1 }, 'montantFixe'],
  ['PALIERS', { tauxPointsBase: 1, paliers: [palier(0n)] }, 'tauxPointsBase'],
  ['PALIERS', { paliers: [palier(1n)] }, 'paliers[0].aPartirDe'],
  ['PALIERS', { paliers: [palier(0n), palier(5n), palier(5n)] }, 'paliers[2].aPartirDe'],
  ['PALIERS', { paliers: [palier(0n), palier(9n), palier(5n)] }, 'paliers[2].aPartirDe'],
] as const)('a barème %s at fault %#', (type, figures, field) => {
  expect(() => checkFigures(type, figures as unknown as Figures, true)).toThrow(`${field}: `);
});

test('an Update may leave the figure out, but not make it nothing', () => {
  expect(() => checkFigures('FIXE', none, false)).not.toThrow();
  expect(() => checkFigures('FIXE', { ...none, montantFixe: 0n }, false)).toThrow('montantFixe: ');
  expect(() => checkFigures('FIXE', { ...none, tauxPointsBase: 5 }, false)).toThrow('tauxPointsBase: ');
});
