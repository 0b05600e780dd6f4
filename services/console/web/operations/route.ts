import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';

/** Which cause is open: the place of its line can change, its key does not. */
export type OperationsSearch = { cause?: string };

const exploitation = createRoute({
  getParentRoute: () => frame,
  path: '/exploitation',
  validateSearch: ({ cause }: Record<string, unknown>): OperationsSearch => ({
    ...(typeof cause === 'string' && cause && { cause }),
  }),
  component: lazy(async () => ({ default: (await import('./operations-page.tsx')).OperationsPage })),
});

export const operationsRoutes = [exploitation] as const;
