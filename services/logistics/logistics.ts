import type { Db } from '@crm/db';
import { assertKnown, type Organisations } from '@crm/domain';
import {
  entity,
  invalid,
  page,
  type Connected,
  type Methods,
  DEFAULT_ORGANISATION,
  organisationOrDefault,
} from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import {
  Expedition,
  StatutExpedition,
  TrackingEvent,
  type LogisticsServiceService,
} from '@crm/proto/logistics/logistics';

/** The services that logistics asks whether references exist. */
export type Register = {
  organisations: Organisations;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
};

const DAY_MS = 24 * 3600 * 1000;

/**
 * Shipments and their tracking. A shipment's state is that of its latest event, in whatever order the events
 * arrive.
 */
export function logistics(
  db: Db,
  { organisations, clients, contrats }: Register,
): Methods<typeof LogisticsServiceService> {
  const expedition = entity(db, {
    model: 'expedition',
    plural: 'expeditions',
    message: Expedition,
    defaults: { organisationId: DEFAULT_ORGANISATION, statut: StatutExpedition.PREPAREE },
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
    async createExpedition(request, call) {
      const { organisationId, clientId, contratId } = request;
      await assertKnown(organisations, call, organisationOrDefault(organisationId), [
        { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
        { field: 'contratId', entity: 'contrat', id: contratId, get: contrats.get },
      ]);
      return await expedition.create(request, call);
    },
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
