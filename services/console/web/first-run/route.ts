import { createRoute } from '@tanstack/react-router';
import { lazy } from 'react';
import { frame } from '../shell/routes.ts';

const demarrage = createRoute({
  getParentRoute: () => frame,
  path: '/demarrage',
  component: lazy(async () => ({ default: (await import('./first-run-page.tsx')).FirstRunPage })),
});

export const firstRunRoutes = [demarrage] as const;
