import type { Db } from '@crm/db';
import { StatutRelance, StatutSuivi } from '@crm/proto/relance/relance';
import { toRelanceRow } from '../relance-rows.ts';
import { assertFew, MOST } from './read-all.ts';
import type { Planned } from './reminder-lines.ts';

/** Selects an organisation, a client, or (both) a client within an organisation. At least one is set. */
export type Whose = { organisationId: string; clientId: string };

const given = ({ organisationId, clientId }: Whose) => ({
  ...(organisationId && { organisationId }),
  ...(clientId && { clientId }),
});

/** The reminders with something to send before an instant, or paused without an end. */
export async function readReminders(db: Db, whose: Whose, before: Date): Promise<Planned[]> {
  const rows = await db.relance.findMany({
    where: {
      ...given(whose),
      statut: { in: [StatutRelance.EN_ATTENTE, StatutRelance.EN_PAUSE] },
      OR: [{ prochaineAt: null }, { prochaineAt: { lt: before } }],
    },
    orderBy: { id: 'asc' },
    take: MOST + 1,
  });
  assertFew('reminders', rows.length);
  return rows.map((row) => ({ ...toRelanceRow(row), prochaineAt: row.prochaineAt }));
}

/** The first follow-ups with something to do before an instant. */
export async function readSuivis(db: Db, whose: Whose, before: Date) {
  const rows = await db.suivi.findMany({
    where: {
      ...given(whose),
      OR: [
        { statut: StatutSuivi.PLANIFIE, datePrevue: { lt: before } },
        { statut: StatutSuivi.TACHE_CREEE, dateRappel: { lt: before } },
      ],
    },
    take: MOST + 1,
  });
  assertFew('first follow-ups', rows.length);
  return rows;
}
