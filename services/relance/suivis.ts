import type { Db } from '@crm/db';
import { entity, type Methods, organisationOrDefault } from '@crm/kit';
import { StatutSuivi, Suivi, type SuiviServiceService } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { planSuivi } from './plan-suivi.ts';
import { ruleFor } from './regles-suivi.ts';

/** First follow-ups: one per client, planned by the rule in force at that moment. */
export function suivis(db: Db): Methods<typeof SuiviServiceService> {
  const suivi = entity(db, { model: 'suivi', plural: 'suivis', message: Suivi });
  const repeat = suivi.repeat;
  return {
    get: suivi.get,
    list: suivi.list,
    create: ({ organisationId: given, clientId, depuis = new Date() }, call) =>
      call.once(async (tx) => {
        const organisationId = organisationOrDefault(given);
        const { delai, delaiRappel } = await ruleFor(tx, organisationId);
        const planned = { ...planSuivi(depuis, { delai, delaiRappel }), delai, delaiRappel };
        // a client has one first follow-up: a repeat returns it
        const row = await tx.suivi.upsert({
          where: { clientId },
          create: { id: v7(), organisationId, clientId, statut: StatutSuivi.PLANIFIE, ...planned },
          update: {},
        });
        return suivi.toMessage(row);
      }, repeat),
    avancer: ({ id, statut, tacheId, motif }, call) =>
      call.once(async (tx) => {
        // TERMINE is final
        await tx.suivi.updateMany({
          where: { id, statut: { not: StatutSuivi.TERMINE } },
          data: { statut, ...(tacheId && { tacheId }), ...(motif && { motif }) },
        });
        return await suivi.read(tx, id);
      }, repeat),
  };
}
