import { v7 } from 'uuid';
import { openDb, type Db } from '../index.ts';

/**
 * A database with organisations of a test's own, made up as it asks for them.
 * @param clean deletes their rows, after the tests
 */
export function ownOrganisations(
  clean: (db: Db, where: { organisationId: { in: string[] } }) => Promise<unknown>,
) {
  const db = openDb(process.env.DATABASE_URL!, 3);
  const organisations: string[] = [];
  afterAll(async () => {
    await clean(db, { organisationId: { in: organisations } });
    await db.$disconnect();
  });
  const newOrganisation = (): string => {
    const organisationId = v7();
    organisations.push(organisationId);
    return organisationId;
  };
  return { db, newOrganisation };
}
