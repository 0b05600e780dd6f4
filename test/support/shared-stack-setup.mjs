import { register } from 'tsx/esm/api';

/** Jest would compile a global setup in TypeScript to CommonJS; tsx runs it as a module. */
export default async function setup() {
  register();
  const { default: start } = await import('./start-shared-stack.ts');
  await start();
}
