import { inParis } from '@crm/kit';

/** "2026-06-01 09:00", in Paris. */
export const local = (at: Date): string =>
  inParis(at).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
