import { organisationOrDefault } from '@crm/kit';
import type { Call } from '@crm/kit';
import type {
  CreateNotificationsRequest,
  CreateNotificationsResponse,
  Notification,
} from '@crm/proto/notifications/notifications';
import { v7 } from 'uuid';

/** Notifies several users in one transaction: all or none, and a repeat notifies nobody twice. */
export const createNotifications =
  (toMessage: (row: Record<string, unknown>) => Notification) =>
  (
    { utilisateurIds, organisationId, ...text }: CreateNotificationsRequest,
    call: Call,
  ): Promise<CreateNotificationsResponse> =>
    call.once(
      async (tx) => {
        const data = utilisateurIds.map((utilisateurId) => ({
          ...text,
          id: v7(),
          organisationId: organisationOrDefault(organisationId),
          utilisateurId,
        }));
        const rows = await tx.notification.createManyAndReturn({ data });
        return { notifications: rows.map(toMessage) };
      },
      {
        idOf: ({ notifications }) => notifications.map(({ id }) => id).join(' '),
        read: async (tx, ids) => {
          // UUIDv7 ids sort in the order of their creation
          const rows = await tx.notification.findMany({
            where: { id: { in: ids.split(' ') } },
            orderBy: { id: 'asc' },
          });
          return { notifications: rows.map(toMessage) };
        },
      },
    );
