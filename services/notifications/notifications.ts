import type { Db, Tx } from '@crm/db';
import { entity, type Entity, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Notification, type NotificationServiceService } from '@crm/proto/notifications/notifications';
import { createNotifications } from './create-notifications.ts';

/** Notifications as rows. A notification is unread while `lue_at` is null. */
export const notificationEntity = (db: Db): Entity<Notification, 'notifications'> =>
  entity(db, {
    model: 'notification',
    plural: 'notifications',
    message: Notification,
    defaults: { organisationId: DEFAULT_ORGANISATION },
    derived: ({ lueAt }) => ({ lue: lueAt !== null }),
  });

/** Notifications of users, and whether they were read. */
export function notifications(db: Db): Omit<Methods<typeof NotificationServiceService>, 'subscribe'> {
  const notification = notificationEntity(db);
  const unread = (utilisateurId: string) => ({ utilisateurId, lueAt: null });
  return {
    createNotification: notification.create,
    createNotifications: createNotifications(notification.toMessage),
    getNotification: notification.get,
    async getNotificationsByUser({ nonLuesSeulement, ...request }) {
      const [found, nonLues] = await Promise.all([
        notification.listWhere(request, nonLuesSeulement ? { lueAt: null } : {}),
        db.notification.count({ where: unread(request.utilisateurId) }),
      ]);
      return { ...found, nonLues };
    },
    markAsRead: ({ id }, call) =>
      call.once(async (tx: Tx) => {
        await tx.notification.updateMany({ where: { id, lueAt: null }, data: { lueAt: new Date() } });
        return await notification.read(tx, id);
      }, notification.repeat),
    async markAllAsRead({ utilisateurId }) {
      const { count } = await db.notification.updateMany({
        where: unread(utilisateurId),
        data: { lueAt: new Date() },
      });
      return { marquees: count };
    },
  };
}
