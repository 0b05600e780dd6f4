import type { Db } from '@crm/db';
import { StatutSuivi } from '@crm/proto/relance/relance';
import { assertFew, MOST } from './read-all.ts';

/** So many rows are read at once where there may be any number. */
const PAGE = 500;

/** Selects an organisation, a client, or (both) a client within an organisation. At least one is set. */
export type Whose = { organisationId: string; clientId: string };

const given = ({ organisationId, clientId }: Whose) => ({
  ...(organisationId && { organisationId }),
  ...(clientId && { clientId }),
});

/** First follow-ups with something to do before an instant. */
const doingBefore = (whose: Whose, before: Date) => ({
  ...given(whose),
  OR: [
    { statut: StatutSuivi.PLANIFIE, datePrevue: { lt: before } },
    { statut: StatutSuivi.TACHE_CREEE, dateRappel: { lt: before } },
  ],
});

/** The first follow-ups with something to do before an instant, and not all of it before another one. */
export async function readSuivis(db: Db, whose: Whose, before: Date, from?: Date) {
  const where = { ...doingBefore(whose, before), ...(from && { dateRappel: { gte: from } }) };
  const rows = await db.suivi.findMany({ where, take: MOST + 1 });
  assertFew('first follow-ups', rows.length);
  return rows;
}

/** The same, whatever their number, page by page. */
export async function* pagesOfSuivis(db: Db, whose: Whose, before: Date) {
  for (let after = ''; ;) {
    const where = { ...doingBefore(whose, before), id: { gt: after } };
    const rows = await db.suivi.findMany({ where, orderBy: { id: 'asc' }, take: PAGE });
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
    yield rows;
  }
}
