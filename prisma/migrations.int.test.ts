import { prismaCli } from './cli.ts';

// in a database of its own, which Prisma creates and drops
test('the migrations make what the schema says: nothing is left for another one', async () => {
  const compare = ['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema', '--script'];
  const difference = await prismaCli(['migrate', 'diff', ...compare], process.env.DATABASE_URL);
  expect(difference).toContain('-- This is an empty migration.');
});
