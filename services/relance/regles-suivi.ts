import type { Db, Tx } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { RegleSuivi, type RegleSuiviServiceService } from '@crm/proto/relance/relance';

/** In force for an organisation without a rule of its own. */
const DEFAULT_RULE = { delai: 'P7D', delaiRappel: 'P7D' };

/** The rules for first follow-ups, one an organisation. */
export function reglesSuivi(db: Db): Methods<typeof RegleSuiviServiceService> {
  const regle = entity<RegleSuivi>(db, {
    model: 'regleSuivi',
    message: RegleSuivi,
    defaults: { organisationId: 'default', ...DEFAULT_RULE },
  });
  return {
    ...regle,
    list: async (request) => {
      const { rows, nextPageToken } = await regle.list(request);
      return { regles: rows, nextPageToken };
    },
  };
}

/** The rule in force for an organisation. */
export const ruleFor = async (tx: Tx, organisationId: string): Promise<typeof DEFAULT_RULE> =>
  (await tx.regleSuivi.findUnique({ where: { organisationId } })) ?? DEFAULT_RULE;
