import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';

/** The periods that can be chosen, in months; the last one is today's. */
export const PERIODS = [6, 12, 24, 36] as const;

/** What the address of Chiffres says, beside the organisation. */
export type FiguresSearch = { mois?: (typeof PERIODS)[number] };

const chiffres = createRoute({
  getParentRoute: () => frame,
  path: '/chiffres',
  validateSearch: ({ mois }: Record<string, unknown>): FiguresSearch => {
    const known = PERIODS.find((months) => months === mois);
    return known ? { mois: known } : {};
  },
  component: lazy(async () => ({ default: (await import('./figures-page.tsx')).FiguresPage })),
});

export const figuresRoutes = [chiffres] as const;
