import { long, longOnStack, onSharedStack, reporters, shared } from './jest.config.mjs';

const pathsOf = (paths) => paths.map((path) => (path.endsWith('$') ? path : `${path}.*\\.test\\.ts$`));

/**
 * Tests that take minutes each: `npm run test:long`. CI runs them after `npm test`.
 */
export default {
  maxWorkers: '100%',
  testTimeout: 60_000,
  reporters,
  projects: [
    { ...shared, displayName: 'long', testRegex: pathsOf(long) },
    { ...shared, displayName: 'long-stack', testRegex: pathsOf(longOnStack), ...onSharedStack },
  ],
};
