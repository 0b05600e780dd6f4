import { readdirSync } from 'node:fs';
import pg from 'pg';
import { prismaCli } from './cli.ts';

/**
 * Applies the migrations of this checkout. If all are applied, as at nearly every start, one query finds that
 * out and saves the two seconds of the Prisma CLI.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const known = readdirSync(new URL('./migrations', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const applied = await appliedMigrations(databaseUrl);
  if (known.every((name) => applied.has(name))) return;
  await prismaCli(['migrate', 'deploy'], databaseUrl);
}

async function appliedMigrations(databaseUrl: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    return new Set(rows.map((row) => row.migration_name));
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return new Set(); // undefined_table: an empty database
    throw error;
  } finally {
    await client.end();
  }
}
