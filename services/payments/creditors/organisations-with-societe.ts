import type { Db } from '@crm/db';
import type { Connected } from '@crm/kit';
import type { SocieteServiceService } from '@crm/proto/organisations/organisations';

/** What of the organisations' service payments need. */
export type Societes = Pick<Connected<typeof SocieteServiceService>, 'list'>;

/** Organisations that are asked about at once: others have their turn. */
const AT_ONCE = 20;

/**
 * Of organisations without a creditor, those that have a société of their own: the environment's creditor is another
 * one, and does not collect for them. It is that of the organisation `default`, which is not asked about. With the
 * current caller's own token, before a transaction is open; organisations that have a creditor cost no call.
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
  const known = new Set(['default', ...withCreditor.map(({ organisationId }) => organisationId)]);
  const asked = distinct.filter((id) => !known.has(id));
  const found = new Set<string>();
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const ask = async (organisationId: string) => {
      const page = await societes.list({ organisationId, pageSize: 1 });
      if (page.societes.length > 0) found.add(organisationId);
    };
    await Promise.all(asked.slice(at, at + AT_ONCE).map(ask));
  }
  return found;
}
