import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';
import { searchText } from '../shell/search-text.ts';

export type RulesView = 'relances' | 'representations' | 'suivis';
/** What the address of Règles says. */
export type RulesSearch = { org?: string; vue?: RulesView };

const VIEWS: unknown[] = ['representations', 'suivis'];

const regles = createRoute({
  getParentRoute: () => frame,
  path: '/regles',
  validateSearch: (search: Record<string, unknown>): RulesSearch => ({
    ...(searchText(search.org) && { org: searchText(search.org) }),
    ...(VIEWS.includes(search.vue) && { vue: search.vue as RulesView }),
  }),
  component: lazy(async () => ({ default: (await import('./rules-page.tsx')).RulesPage })),
});

export const rulesRoutes = [regles] as const;
