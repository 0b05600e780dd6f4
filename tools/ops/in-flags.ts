import type { ServiceError } from '@grpc/grpc-js';
import { PlainError } from '../plain-error.ts';

/** The flags that fill the fields of a request, by the beginnings of the fields' names. */
type Flags = Record<string, string>;

/** A service's refusal of fields, naming the flags that filled them. @throws any other error */
export function inFlags(error: unknown, flags: Flags): never {
  const { details } = error as Partial<ServiceError>;
  if (typeof details !== 'string') throw error;
  const faults = details.split('; ').map((fault) => {
    const field = Object.keys(flags).find(
      (name) => fault.startsWith(name) && !/\w/.test(fault[name.length] ?? ''),
    );
    return field ? `${flags[field]}: ${fault.slice(field.length).replace(/^(\.|: )/, '')}` : fault;
  });
  throw new PlainError(faults.join('\n'));
}
