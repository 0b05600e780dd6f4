/** Shared by all projects: ES modules, TypeScript compiled by swc, no generated files, no module mapping. */
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

/** Tests that take minutes, on servers of their own: `npm run test:long`, in jest.long.config.mjs. */
export const long = [
  '/test/chaos/',
  '/test/scale/',
  '/test/new/',
  '/test/launcher/npm-dev\\.test\\.ts$',
  '/test/replay/(deliberate-changes|replay-command)\\.test\\.ts$',
];

/** The same, on the platform that a run shares. */
export const longOnStack = [
  '/test/docker/image\\.int\\.test\\.ts$',
  '/test/e2e/(bank-large|emit-killed|emit-large|report-only)\\.test\\.ts$',
];

/** Starts the platform that the tests of a run share. */
export const onSharedStack = {
  globalSetup: '<rootDir>/test/support/shared-stack-setup.mjs',
  globalTeardown: '<rootDir>/test/support/shared-stack-teardown.mjs',
};

/**
 * Unit tests have no separate context for each file and no copy of every module in it, which takes longer than the tests.
 * It runs threads: with 'child_process' (0.8.2) a run never ends if one process starts much later than another. The
 * configuration that the first one asks for is sent to both, and the late one, which does not listen yet, waits for it for
 * ever.
 */
const light = {
  runner: ['jest-light-runner', { runtime: 'worker_threads' }],
  setupFiles: ['<rootDir>/test/support/compile-typescript.mjs'],
  setupFilesAfterEnv: ['<rootDir>/test/support/end-hanging-tests.mjs'],
};

export const reporters = ['default', '<rootDir>/test/support/count-reporter.mjs'];

export default {
  // tests mostly wait for the platform, so two at a time on two processors
  maxWorkers: '100%',
  // machines are shared: a test that hangs must end
  testTimeout: 60_000,
  reporters,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      ...light,
      testMatch: [
        '<rootDir>/{services,workflows,workers,tools,prisma}/**/*.test.{ts,tsx}',
        '<rootDir>/test/{bench,docker,docs,security,support}/*.test.ts',
      ],
      testPathIgnorePatterns: ['\\.int\\.test\\.tsx?$', '/node_modules/'],
    },
    {
      ...shared,
      displayName: 'workflow',
      testMatch: ['<rootDir>/test/{workflows,replay,properties}/**/*.test.ts'],
      testPathIgnorePatterns: long,
    },
    {
      ...shared,
      displayName: 'stack',
      testMatch: [
        '<rootDir>/test/{auth,console,e2e,events,launcher}/**/*.test.ts',
        '<rootDir>/{services,workers,prisma,test/docker}/**/*.int.test.ts',
      ],
      testPathIgnorePatterns: [...long, ...longOnStack, '/node_modules/'],
      ...onSharedStack,
    },
  ],
};
