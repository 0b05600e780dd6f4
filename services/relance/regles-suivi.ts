import type { Db, Tx } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { RegleSuivi, type RegleSuiviServiceService } from '@crm/proto/relance/relance';

/** The built-in rule, if neither the organisation nor "default" has one. */
const DEFAULT_RULE = { delai: 'P7D', delaiRappel: 'P7D' };

/** The rules for first follow-ups, at most one per organisation. */
export function reglesSuivi(db: Db): Methods<typeof RegleSuiviServiceService> {
  return entity(db, {
    model: 'regleSuivi',
    plural: 'regles',
    message: RegleSuivi,
    defaults: { organisationId: 'default', ...DEFAULT_RULE },
  });
}

/** The rule in force for an organisation: its own, or else that of "default". */
export async function ruleFor(tx: Tx, organisationId: string): Promise<typeof DEFAULT_RULE> {
  const own = await tx.regleSuivi.findUnique({ where: { organisationId } });
  return own ?? (await tx.regleSuivi.findUnique({ where: { organisationId: 'default' } })) ?? DEFAULT_RULE;
}
