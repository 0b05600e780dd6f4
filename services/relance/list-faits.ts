import type { Db } from '@crm/db';
import { dateInParis } from '@crm/domain';
import { changedRows, type Methods } from '@crm/kit';
import { GenreAttente, ResultatAttente } from '@crm/proto/relance/attentes';
import type { FaitServiceService } from '@crm/proto/relance/faits';
import { ActionRelance } from '@crm/proto/relance/relance';

/** Actions by which a reminder reached the client, or somebody was told to call or write. */
const SENT: string[] = [ActionRelance.ENVOI, ActionRelance.TACHE_RELANCE];

/** What other services count of reminders and promises. */
export const listFaits = (db: Db): Methods<typeof FaitServiceService> => ({
  async listEnvois(request) {
    const { ids, ...where } = await changedRows(db, 'relance.historique', request);
    const rows = await db.historiqueRelance.findMany({ where: { id: { in: ids }, action: { in: SENT } } });
    return { faits: rows.map((row) => ({ ...row, jour: dateInParis(row.createdAt) })), ...where };
  },
  async listPromesses(request) {
    const { ids, ...where } = await changedRows(db, 'relance.attentes', request);
    const rows = await db.attenteRelance.findMany({
      where: { id: { in: ids }, genre: GenreAttente.PROMESSE },
    });
    const faits = rows.map((row) => ({
      id: row.id,
      organisationId: row.organisationId,
      clientId: row.clientId,
      invoiceIds: row.invoiceIds,
      echeances: (row.echeances as { date: string; montant: string | number }[]).map(({ date, montant }) => ({
        date,
        montant: BigInt(montant),
      })),
      ouverte: row.leveeAt === null,
      tenue: row.resultat === String(ResultatAttente.ATTENTE_TENUE),
      rompue: row.resultat === String(ResultatAttente.ATTENTE_ROMPUE),
    }));
    return { faits, ...where };
  },
});
