import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. A service never imports another one; workflows import only what does no I/O. */
const boundaries = [
  { sourceTag: 'type:proto', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:db', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:workflow', onlyDependOnLibsWithTags: ['type:proto'] },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:proto', 'type:db', 'type:workflow'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:kit', 'type:proto'] },
  // from workflows only ids and the types of commands: see no-restricted-imports
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: ['type:kit', 'type:domain', 'type:proto', 'type:db', 'type:workflow'],
  },
  { sourceTag: 'type:nats', onlyDependOnLibsWithTags: ['type:workflow'] },
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

export default tseslint.config(
  { ignores: ['**/gen', '**/generated', '**/node_modules', '.data*', '.nx', '.tools', 'test/replay/broken'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints: boundaries, banTransitiveDependencies: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // one place for the NATS connection: everyone else uses @crm/nats
      'no-restricted-imports': ['error', { paths: [{ name: 'nats', message: 'Use @crm/nats.' }] }],
      // an async function without an await is fine: its callers rely on a promise
      '@typescript-eslint/require-await': 'off',
      // code uses closures, not classes: functions of an object are passed around by design
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['workers/nats/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['services/!(kit)/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@crm/workflows/*', '!@crm/workflows/ids'],
              allowTypeImports: true,
              message:
                'Services know the ids of follow-ups and the types of their commands, no workflow code.',
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
