import type { Db, Tx } from '@crm/db';
import { entity, invalid, notFound, type Methods } from '@crm/kit';
import { BaseRelance, RegleRelance, type RegleRelanceServiceService } from '@crm/proto/relance/relance';
import type { Level } from './due-at.ts';

/** In force for an organisation without levels of its own: J+15, on working days from nine to seven. */
export const DEFAULT_LEVEL: Level = {
  niveau: 1,
  base: BaseRelance.DATE_FACTURE,
  delai: 'P15D',
  modele: 'rappel',
  ouverture: '09:00',
  fermeture: '19:00',
  tousLesJours: false,
  espacement: 'PT24H',
};

/** The levels of organisations; one number is one level. */
export function reglesRelance(db: Db): Methods<typeof RegleRelanceServiceService> {
  const regle = entity(db, {
    model: 'regleRelance',
    plural: 'regles',
    message: RegleRelance,
    defaults: { organisationId: 'default', ...DEFAULT_LEVEL },
  });
  return {
    ...regle,
    create: async (request, call) => {
      checkHours({
        ouverture: request.ouverture || DEFAULT_LEVEL.ouverture,
        fermeture: request.fermeture || DEFAULT_LEVEL.fermeture,
      });
      return await regle.create(request, call);
    },
    update: ({ id, ...changes }, call) =>
      call.once(async (tx) => {
        const data = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
        const [updated] = await tx.regleRelance.updateManyAndReturn({ where: { id }, data });
        if (!updated) throw notFound('regleRelance', id);
        checkHours(updated);
        return regle.toMessage(updated);
      }, regle.repeat),
  };
}

function checkHours({ ouverture, fermeture }: Pick<Level, 'ouverture' | 'fermeture'>): void {
  if (fermeture !== '00:00' && fermeture <= ouverture) {
    throw invalid('fermeture', `must be after ouverture (${ouverture}), or 00:00 for midnight`);
  }
}

/** The levels in force for an organisation, in their order; never none. */
export async function levelsFor(db: Tx | Db, organisationId: string): Promise<Level[]> {
  const rows = await db.regleRelance.findMany({ where: { organisationId }, orderBy: { niveau: 'asc' } });
  return rows.length > 0 ? (rows as unknown as Level[]) : [DEFAULT_LEVEL];
}
