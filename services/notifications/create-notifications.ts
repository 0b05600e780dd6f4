import type { Call } from '@crm/kit';
import type {
  CreateNotificationsRequest,
  CreateNotificationsResponse,
  Notification,
} from '@crm/proto/notifications/notifications';
import { v7 } from 'uuid';

/** Tells several users the same, in one transaction: a repeat tells nobody twice, and nobody is left out. */
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
          organisationId: organisationId || 'default',
          utilisateurId,
        }));
        const rows = await tx.notification.createManyAndReturn({ data });
        return { notifications: rows.map(toMessage) };
      },
      {
        idOf: ({ notifications }) => notifications.map(({ id }) => id).join(' '),
        read: async (tx, ids) => {
          // ids of version 7 are in the order in which they were made
          const rows = await tx.notification.findMany({
            where: { id: { in: ids.split(' ') } },
            orderBy: { id: 'asc' },
          });
          return { notifications: rows.map(toMessage) };
        },
      },
    );
