import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { isMandateFilter, type MandateFilter } from './mandate-filters.ts';
import { searchText } from '../shell/search-text.ts';

type Search = Record<string, unknown>;

/** The texts of an address that are not empty. */
const texts = <Name extends string>(search: Search, ...names: Name[]): { [N in Name]?: string } =>
  Object.fromEntries(
    names.map((name) => [name, searchText(search[name])] as const).filter(([, text]) => text !== ''),
  ) as { [N in Name]?: string };

const number = (value: unknown): number => (Number.isInteger(value) ? (value as number) : 0);

/** Which retries are shown. */
export type RetriesSearch = {
  statut?: number;
  motif?: string;
  du?: string;
  au?: string;
  prelevement?: string;
};

const prelevements = createRoute({
  getParentRoute: () => frame,
  path: '/prelevements',
  component: lazy(async () => ({ default: (await import('./debits-frame.tsx')).DebitsFrame })),
});

const remise = createRoute({
  getParentRoute: () => prelevements,
  path: '/',
  validateSearch: (search: Search): { date?: string } => texts(search, 'date'),
  component: lazy(async () => ({ default: (await import('./next-emit.tsx')).NextEmit })),
});

const echeances = createRoute({
  getParentRoute: () => prelevements,
  path: '/echeances',
  validateSearch: (search: Search): { du?: string; au?: string } => texts(search, 'du', 'au'),
  component: lazy(async () => ({ default: (await import('./planned-debits.tsx')).PlannedDebits })),
});

const fichiers = createRoute({
  getParentRoute: () => prelevements,
  path: '/fichiers',
  component: lazy(async () => ({ default: (await import('./files.tsx')).Files })),
});

const rapports = createRoute({
  getParentRoute: () => prelevements,
  path: '/rapports',
  validateSearch: (search: Search): { statut?: number } => ({
    ...(number(search.statut) > 0 && { statut: number(search.statut) }),
  }),
  component: lazy(async () => ({ default: (await import('./reports.tsx')).Reports })),
});

const lignes = createRoute({
  getParentRoute: () => prelevements,
  path: '/lignes',
  validateSearch: (search: Search): { rapport?: string; closes?: boolean } => ({
    ...texts(search, 'rapport'),
    ...(search.closes === true && { closes: true }),
  }),
  component: lazy(async () => ({ default: (await import('./unknown-lines.tsx')).UnknownLines })),
});

const representations = createRoute({
  getParentRoute: () => prelevements,
  path: '/representations',
  validateSearch: (search: Search): RetriesSearch => ({
    ...texts(search, 'motif', 'du', 'au', 'prelevement'),
    ...(number(search.statut) > 0 && { statut: number(search.statut) }),
  }),
  component: lazy(async () => ({ default: (await import('./retries.tsx')).Retries })),
});

const mandats = createRoute({
  getParentRoute: () => prelevements,
  path: '/mandats',
  validateSearch: (search: Search): { texte?: string; filtre?: MandateFilter } => ({
    ...texts(search, 'texte'),
    ...(isMandateFilter(search.filtre) && { filtre: search.filtre }),
  }),
  component: lazy(async () => ({ default: (await import('./mandates.tsx')).Mandates })),
});

const frais = createRoute({
  getParentRoute: () => prelevements,
  path: '/frais',
  validateSearch: (search: Search): { du?: string; au?: string } => texts(search, 'du', 'au'),
  component: lazy(async () => ({ default: (await import('./fees.tsx')).Fees })),
});

export const debitsRoutes = [
  prelevements.addChildren([remise, echeances, fichiers, rapports, lignes, representations, mandats, frais]),
] as const;
