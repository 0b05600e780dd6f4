import type { Db } from '@crm/db';
import { entity, invalid, page, type Methods } from '@crm/kit';
import {
  Expedition,
  StatutExpedition,
  TrackingEvent,
  type LogisticsServiceService,
} from '@crm/proto/logistics/logistics';

const DAY_MS = 24 * 3600 * 1000;

/** What is shipped, and where it is: a shipment's state is that of its latest event, in whatever order they come. */
export function logistics(db: Db): Methods<typeof LogisticsServiceService> {
  const expedition = entity(db, {
    model: 'expedition',
    plural: 'expeditions',
    message: Expedition,
    defaults: { organisationId: 'default', statut: StatutExpedition.PREPAREE },
  });
  const evenement = entity(db, {
    model: 'trackingEvent',
    plural: 'evenements',
    message: TrackingEvent,
    defaults: () => ({ dateEvenement: new Date() }),
    async created(tx, { expeditionId: id, statut, dateEvenement }) {
      const { count } = await tx.expedition.updateMany({
        where: { id, OR: [{ dateStatut: null }, { dateStatut: { lte: dateEvenement! } }] },
        data: { statut, dateStatut: dateEvenement! },
      });
      if (count === 0) await expedition.read(tx, id);
    },
  });
  return {
    createExpedition: expedition.create,
    getExpedition: expedition.get,
    getExpeditions: expedition.list,
    getExpeditionsByClient: expedition.list,
    async createTrackingEvent(request, call) {
      if (request.dateEvenement && request.dateEvenement.getTime() > Date.now() + DAY_MS) {
        throw invalid('dateEvenement', 'must not be more than a day ahead');
      }
      return await evenement.create(request, call);
    },
    async getTrackingEvents({ expeditionId, ...request }) {
      const { rows, nextPageToken } = await page(request, (last, take) =>
        db.trackingEvent.findMany({
          where: { expeditionId },
          orderBy: [{ dateEvenement: 'desc' }, { id: 'desc' }],
          take,
          ...(last && { cursor: { id: last }, skip: 1 }),
        }),
      );
      return { evenements: rows.map(evenement.toMessage), nextPageToken };
    },
  };
}
