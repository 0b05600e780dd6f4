import type { CallService } from './service-callers.ts';

/** Whose data is exported; `clientId` empty: all clients of the organisation. */
export type Exported = { call: CallService; organisationId: string; clientId: string };
