import { v7 } from 'uuid';
import { openDb, type Db } from '../index.ts';

/**
 * Opens the database for a test file, with a function that returns the id of a new organisation.
 * @param clean deletes the rows of these organisations after the tests
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
