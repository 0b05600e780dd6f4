import { startOwnStack, type OwnStack } from './stack.ts';

declare global {
  var suiviSharedStack: OwnStack | undefined;
}

/** One platform for all end-to-end tests of a run; tests keep to clients and organisations of their own. */
export default async function startSharedStack(): Promise<void> {
  const stack = await startOwnStack();
  globalThis.suiviSharedStack = stack;
  process.env.SUIVI_TEST_STACK = JSON.stringify({ env: stack.env, portOffset: stack.portOffset });
  process.env.DATABASE_URL = stack.env.DATABASE_URL;
}
