import { register } from 'tsx/esm/api';

/** Jest would make CommonJS of a global setup in TypeScript; tsx runs it as the module that it is. */
export default async function setup() {
  register();
  const { default: start } = await import('./start-shared-stack.ts');
  await start();
}
