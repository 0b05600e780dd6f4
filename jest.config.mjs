/** What every project shares: ES modules, TypeScript compiled by swc, nothing generated, nothing mapped. */
export const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/\\.data', '<rootDir>/\\.tools', '<rootDir>/\\.nx'],
};

export const reporters = ['default', '<rootDir>/test/support/count-reporter.mjs'];

export default {
  // most of a test's time is waiting for the platform, so on two processors two at a time
  maxWorkers: '100%',
  // machines are shared: a test that hangs ends all the same
  testTimeout: 60_000,
  reporters,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{services,workflows,workers,tools,prisma}/**/*.test.{ts,tsx}',
        '<rootDir>/test/{bench,docker,security}/*.test.ts',
      ],
      testPathIgnorePatterns: ['\\.int\\.test\\.tsx?$', '/node_modules/'],
    },
    {
      ...shared,
      displayName: 'workflow',
      testMatch: ['<rootDir>/test/{workflows,replay,properties}/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'stack',
      testMatch: [
        '<rootDir>/test/{auth,chaos,e2e,events,launcher,scale}/**/*.test.ts',
        '<rootDir>/{services,workers,test/docker}/**/*.int.test.ts',
      ],
      globalSetup: '<rootDir>/test/support/shared-stack-setup.mjs',
      globalTeardown: '<rootDir>/test/support/shared-stack-teardown.mjs',
    },
  ],
};
