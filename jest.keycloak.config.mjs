import { reporters, shared } from './jest.config.mjs';

/** The tests against a real Keycloak: `npm run test:keycloak`. It is a download of 170 MB and needs Java. */
export default {
  ...shared,
  reporters,
  displayName: 'keycloak',
  testMatch: ['<rootDir>/test/keycloak/**/*.test.ts'],
  testTimeout: 30_000,
};
