import { DEFAULT_ORGANISATION } from '@crm/kit';
import { newestSociete, type Societes } from '@crm/domain';
import type { Db } from '@crm/db';

/** Organisations that are looked up at the same time. */
const AT_ONCE = 20;

/**
 * Selects, of organisations without a creditor, those that have a société: the platform's creditor is another
 * company and must not collect their money. The organisation `default` is the platform's own and is not
 * looked up. It calls organisations with the caller's token, so it must run before a transaction is open.
 */
export async function organisationsWithSociete(
  db: Db,
  societes: Societes,
  organisationIds: string[],
): Promise<Set<string>> {
  const distinct = [...new Set(organisationIds)];
  const withCreditor = await db.creancier.findMany({
    where: { organisationId: { in: distinct } },
    select: { organisationId: true },
  });
  const known = new Set([DEFAULT_ORGANISATION, ...withCreditor.map(({ organisationId }) => organisationId)]);
  const asked = distinct.filter((id) => !known.has(id));
  const found = new Set<string>();
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const ask = async (organisationId: string) => {
      if (await newestSociete(societes, organisationId)) found.add(organisationId);
    };
    await Promise.all(asked.slice(at, at + AT_ONCE).map(ask));
  }
  return found;
}
