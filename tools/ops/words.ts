import { inParis } from '@crm/domain';
import type { ServiceError } from '@grpc/grpc-js';

/** "2026-06-01 09:00", in Paris. */
export const local = (at: Date): string =>
  inParis(at).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');

/** What a service refused a call with, in its own words. @throws what is none of a service's refusals */
export function describeRefusal(error: unknown): string {
  const { details } = error as Partial<ServiceError>;
  if (typeof details !== 'string') throw error;
  return details;
}
