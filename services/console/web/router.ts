import { createRouter } from '@tanstack/react-router';
import { bulkRoutes } from './bulk/route.ts';
import { clientRoutes } from './client/route.ts';
import { debitsRoutes } from './debits/route.ts';
import { figuresRoutes } from './figures/route.ts';
import { firstRunRoutes } from './first-run/route.ts';
import { invoiceRoutes } from './invoice/route.ts';
import { operationsRoutes } from './operations/route.ts';
import { clientsRoutes } from './clients/route.ts';
import { searchRoutes } from './search/route.ts';
import { rulesRoutes } from './rules/route.ts';
import { frame, root, signIn } from './shell/routes.ts';
import { todayRoutes } from './today/route.ts';

/** The pages; each room says in its `route.ts` which are its own, and what their addresses may say. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    frame.addChildren([
      ...todayRoutes,
      ...invoiceRoutes,
      ...clientsRoutes,
      ...clientRoutes,
      ...figuresRoutes,
      ...searchRoutes,
      ...debitsRoutes,
      ...operationsRoutes,
      ...bulkRoutes,
      ...rulesRoutes,
      ...firstRunRoutes,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 300,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
