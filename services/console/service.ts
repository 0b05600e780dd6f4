import type { Process } from '@crm/kit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { backchannelLogout } from './backchannel-logout.ts';
import { consoleConfig, consoleSpec } from './console-config.ts';
import { localSignIn } from './local-sign-in.ts';
import { mailFrames } from './mail-frames.ts';
import { realmSignIn } from './realm-sign-in.ts';
import { rpcRoutes } from './rpc-routes.ts';
import { sessions as sessionsOf } from './sessions.ts';
import { signInRoutes, type SignIn } from './sign-in-routes.ts';
import { webServer } from './web-server.ts';

const PAGES = fileURLToPath(new URL('./gen/pages', import.meta.url));

/** The console: the pages in which finance and operators work, and their way to the services. */
export default {
  name: 'console' as const,
  config: consoleSpec,
  /** Listens until the process ends. @throws Error if the configuration is wrong or the pages were not built */
  async start(process: Process<typeof consoleSpec>): Promise<void> {
    const { auth, config, db, log } = process;
    const { port, origin, cipher, client } = consoleConfig(config, auth);
    if (!existsSync(join(PAGES, 'index.html')))
      throw new Error('The pages are not built: npm run build:console');
    const signIn: SignIn =
      auth.algorithm === 'HS256'
        ? { local: localSignIn(auth) }
        : { realm: realmSignIn(auth, { origin, client }) };
    const sessions = sessionsOf(db, cipher, 'local' in signIn ? signIn.local : signIn.realm);
    const app = await webServer({ origin, pages: PAGES, routes: rpcRoutes(process, sessions), sessions });
    signInRoutes(app, { signIn, sessions, cipher, log });
    mailFrames(app, process, sessions);
    if (auth.algorithm === 'RS256')
      await backchannelLogout(app, { auth, clientId: client.id, sessions, log });
    await app.listen({ host: config.HOST, port });
    process.onStop(() => app.close());
    log.info({ port, origin }, 'serving');
  },
};
