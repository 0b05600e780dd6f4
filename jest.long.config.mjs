import { long, reporters, shared } from './jest.config.mjs';

/**
 * Tests that take minutes each, on servers of their own: `npm run test:long`. CI runs them after `npm test`.
 */
export default {
  ...shared,
  maxWorkers: '100%',
  testTimeout: 60_000,
  reporters,
  displayName: 'long',
  testRegex: long.map((path) => (path.endsWith('$') ? path : `${path}.*\\.test\\.ts$`)),
};
