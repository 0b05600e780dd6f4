import { randomUUID } from 'node:crypto';

/** An id that no other test has: `unique('org')`. */
export const unique = (kind: string): string => `${kind}-${randomUUID()}`;

/** An e-mail address that no other test has. */
export const uniqueAddress = (): string => `${randomUUID()}@exemple.test`;
