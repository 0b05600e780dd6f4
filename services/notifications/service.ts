import { implement, service } from '@crm/kit';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { notifications } from './notifications.ts';
import { subscribe } from './subscribe.ts';

export default service('notifications', (process) => [
  implement(NotificationServiceService, { ...notifications(process.db), subscribe: subscribe(process) }),
]);
