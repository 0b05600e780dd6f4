import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';

export type RulesView = 'relances' | 'representations' | 'suivis';
/** What the address of Règles says. */
export type RulesSearch = { vue?: RulesView };

const VIEWS: unknown[] = ['representations', 'suivis'];

const regles = createRoute({
  getParentRoute: () => frame,
  path: '/regles',
  validateSearch: (search: Record<string, unknown>): RulesSearch => ({
    ...(VIEWS.includes(search.vue) && { vue: search.vue as RulesView }),
  }),
  component: lazy(async () => ({ default: (await import('./rules-page.tsx')).RulesPage })),
});

export const rulesRoutes = [regles] as const;
