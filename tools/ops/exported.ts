import type { CallService } from './service-callers.ts';

/** Whose data is exported: an organisation under all of its names; `clientId` empty: all of its clients. */
export type Exported = { call: CallService; organisations: string[]; clientId: string };
