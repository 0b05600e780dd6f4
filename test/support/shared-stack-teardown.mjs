/** Its TypeScript is run by tsx, which shared-stack-setup.mjs has registered. */
export { default } from './stop-shared-stack.ts';
