import type { Db } from '@crm/db';
import { entity, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import {
  BaremeCommission,
  Palier,
  type BaremeCommissionServiceService,
} from '@crm/proto/commerciaux/commerciaux';
import { checkFigures } from './check-figures.ts';

/** Barèmes. Tiers are stored as JSON, in which int64 values are strings. */
export function baremes(db: Db): Methods<typeof BaremeCommissionServiceService> {
  const bareme = entity(db, {
    model: 'baremeCommission',
    plural: 'baremes',
    message: BaremeCommission,
    defaults: { organisationId: DEFAULT_ORGANISATION },
    derived: ({ paliers }) => ({ paliers: (paliers as unknown[]).map(Palier.fromJSON) }),
  });
  return {
    get: bareme.get,
    list: bareme.list,
    create: async (request, call) => {
      checkFigures(request.type, request, true);
      return await bareme.create({ ...request, paliers: request.paliers.map(Palier.toJSON) }, call);
    },
    update: async ({ paliers, ...request }, call) => {
      const { type } = await bareme.get(request);
      checkFigures(type, { ...request, paliers }, false);
      const changed = paliers.length > 0 && { paliers: paliers.map(Palier.toJSON) };
      return await bareme.update({ ...request, ...changed }, call);
    },
  };
}
