import { inParis } from '@crm/domain';
import type { ServiceError } from '@grpc/grpc-js';

/** "2026-06-01 09:00", in Paris. */
export const local = (at: Date): string =>
  inParis(at).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');

/** A service's refusal in its own words. @throws any other error */
export function describeRefusal(error: unknown): string {
  const { details } = error as Partial<ServiceError>;
  if (typeof details !== 'string') throw error;
  return details;
}

/** "1 run", "2 runs". */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
