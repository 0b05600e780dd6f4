import { implement, service } from '@crm/kit';
import { LogisticsServiceService } from '@crm/proto/logistics/logistics';
import { logistics } from './logistics.ts';

export default service('logistics', ({ db }) => [implement(LogisticsServiceService, logistics(db))]);
