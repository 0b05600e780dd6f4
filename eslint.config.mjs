import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. A service never imports another one; workflows import only what does no I/O. */
const boundaries = [
  { sourceTag: 'type:proto', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:db', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:workflow', onlyDependOnLibsWithTags: ['type:proto'] },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:proto', 'type:db', 'type:workflow'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:kit', 'type:proto', 'type:db'] },
  // from workflows only ids and the types of commands: see no-restricted-imports
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: ['type:kit', 'type:domain', 'type:proto', 'type:db', 'type:workflow'],
  },
  // it reads the events of messages by the contract's rules
  { sourceTag: 'type:nats', onlyDependOnLibsWithTags: ['type:workflow', 'type:kit'] },
  // it looks at every part of the platform
  {
    sourceTag: 'type:ops',
    onlyDependOnLibsWithTags: [
      'type:kit',
      'type:domain',
      'type:proto',
      'type:db',
      'type:workflow',
      'type:nats',
    ],
  },
  {
    sourceTag: 'type:worker',
    onlyDependOnLibsWithTags: [
      'type:kit',
      'type:domain',
      'type:proto',
      'type:db',
      'type:workflow',
      'type:nats',
    ],
  },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['*'] },
];

/** Boundaries, and what is seen in one file alone. Rules that read types are oxlint's (.oxlintrc.json): a fifth of the work. */
export default tseslint.config(
  { ignores: ['**/gen', '**/generated', '**/node_modules', '.data*', '.nx', '.tools', 'test/replay/broken'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints: boundaries, banTransitiveDependencies: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // one place for the NATS connection: everyone else uses @crm/nats
      'no-restricted-imports': ['error', { paths: [{ name: 'nats', message: 'Use @crm/nats.' }] }],
    },
  },
  { files: ['workers/nats/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['services/!(kit|ops)/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '@crm/workflows/*',
                '!@crm/workflows/ids',
                '!@crm/workflows/motif',
                '!@crm/workflows/follow-up-starts',
                '!@crm/workflows/reminder-state',
                '!@crm/workflows/retry-state',
              ],
              allowTypeImports: true,
              message:
                'Services know the ids of follow-ups, how they start, how long a reason is, the types of commands and why one is refused, no workflow code.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        WebAssembly: 'readonly',
        crypto: 'readonly',
      },
    },
  },
);
