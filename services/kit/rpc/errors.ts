import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { cutText } from './cut-text.ts';
import { isDatabaseAway } from './database-away.ts';
import { BadRequest, ErrorInfo, ResourceInfo, Status } from '@crm/proto/google/rpc/status';

/** One fault of one field of a request. */
export type FieldFault = { field: string; description: string };
/** The trailer of google.rpc.Status. */
const DETAILS = 'grpc-status-details-bin';
/** How a call to a service ends that is not there, or does not answer. */
const AWAY = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);
type Detail = { type: string; value: Uint8Array };

/** An error that a caller is told: a gRPC status with google.rpc details. Everything else becomes INTERNAL. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: status;
  readonly details: Detail[];
  constructor(code: status, message: string, details: Detail[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A refusal is sent in headers, of which many clients take 8 KiB: so much of it is told, in UTF-8. */
const MOST_FAULTS = 20;
const MOST_BYTES = 1_200;
const MOST_CHARACTERS = { field: 100, description: 500 };

/** The request is at fault: INVALID_ARGUMENT, naming each field; of very many faults the first ones. */
export function invalidFields(faults: FieldFault[]): RpcError {
  const { message, detail } = describe(toTell(faults));
  return new RpcError(status.INVALID_ARGUMENT, message, [detail]);
}

function describe(faults: FieldFault[]): { message: string; detail: Detail } {
  const message = faults.map(({ field, description }) => (field ? `${field}: ${description}` : description));
  const value = BadRequest.encode(BadRequest.fromPartial({ fieldViolations: faults })).finish();
  return { message: message.join('; '), detail: { type: 'google.rpc.BadRequest', value } };
}

/** The first faults, as many as fit, and how many more there are. */
function toTell(faults: FieldFault[]): FieldFault[] {
  const told: FieldFault[] = [];
  let bytes = 0;
  for (const fault of faults.slice(0, MOST_FAULTS)) {
    const field = cutText(fault.field, MOST_CHARACTERS.field);
    const description = cutText(fault.description, MOST_CHARACTERS.description);
    bytes += Buffer.byteLength(field + description);
    if (bytes > MOST_BYTES && told.length > 0) break;
    told.push({ field, description });
  }
  const more = faults.length - told.length;
  return more > 0 ? [...told, { field: '', description: `and ${more} more` }] : told;
}

/** One field is at fault: `invalid('montant', 'must be positive')`. */
export const invalid = (field: string, description: string): RpcError =>
  invalidFields([{ field, description }]);

/** There is no such entity: NOT_FOUND. */
export function notFound(entity: string, id: string): RpcError {
  const value = ResourceInfo.encode(
    ResourceInfo.fromPartial({ resourceType: entity, resourceName: id }),
  ).finish();
  return new RpcError(status.NOT_FOUND, `${entity} ${id} not found`, [
    { type: 'google.rpc.ResourceInfo', value },
  ]);
}

/** What a field of a request refers to, and where that is kept: `client`, `contrat`. */
export type Reference = { field: string; entity: string; id: string };

/**
 * A request refers to what there is not: NOT_FOUND, naming each field.
 * @param others what else is at fault, told with it
 */
export function notFoundFields(missing: Reference[], others: FieldFault[] = []): RpcError {
  const faults = [
    ...missing.map(({ field, entity, id }) => ({ field, description: `${entity} ${id} not found` })),
    ...others,
  ];
  const told = toTell(faults);
  const resources = missing.slice(0, told.length).map(({ entity, id }) => ({
    type: 'google.rpc.ResourceInfo',
    value: ResourceInfo.encode(ResourceInfo.fromPartial({ resourceType: entity, resourceName: id })).finish(),
  }));
  const { message, detail } = describe(told);
  return new RpcError(status.NOT_FOUND, message, [...resources, detail]);
}

/** True for a NOT_FOUND, this process's own or what a service answered. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === status.NOT_FOUND;

/** Answers that another attempt would not change: the request, or the state of what it names, is at fault. */
const REFUSALS = new Set<unknown>([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNIMPLEMENTED,
]);

/** True for a refusal, this process's own or what a service answered; anything else is worth another attempt. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && REFUSALS.has(error.code);

/** The answer of a call, or undefined for a NOT_FOUND: references may be any strings. Rejects with any other error. */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** It clashes with what is there: ALREADY_EXISTS. */
export const conflict = (message: string): RpcError => withReason(status.ALREADY_EXISTS, 'CONFLICT', message);

/** The entity's state does not allow it: FAILED_PRECONDITION, with a stable reason for programs. */
export const failedPrecondition = (reason: string, message: string): RpcError =>
  withReason(status.FAILED_PRECONDITION, reason, message);

/** Not now, worth another try: UNAVAILABLE. */
export const unavailable = (reason: string, message: string): RpcError =>
  withReason(status.UNAVAILABLE, reason, message);

function withReason(code: status, reason: string, message: string): RpcError {
  const value = ErrorInfo.encode(ErrorInfo.fromPartial({ reason, domain: 'suivi' })).finish();
  return new RpcError(code, message, [{ type: 'google.rpc.ErrorInfo', value }]);
}

/**
 * What the caller is told of an error: an RpcError as it is, with its details in the trailer
 * `grpc-status-details-bin` (https://cloud.google.com/apis/design/errors), also one that another service answered; a
 * database or a service that is away is UNAVAILABLE, worth another attempt; anything else is INTERNAL and says
 * nothing.
 */
export function toStatus(thrown: unknown): StatusObject {
  if (isServiceError(thrown) && thrown.metadata.get(DETAILS).length > 0) {
    const { code, details } = thrown;
    const metadata = new Metadata();
    metadata.set(DETAILS, thrown.metadata.get(DETAILS)[0]!);
    return { code, details, metadata };
  }
  const error = isDatabaseAway(thrown)
    ? unavailable('DATABASE', 'the database is not available')
    : isServiceError(thrown) && AWAY.has(thrown.code)
      ? unavailable('SERVICE', 'a service that this one needs is not available')
      : thrown;
  const metadata = new Metadata();
  if (!(error instanceof RpcError)) return { code: status.INTERNAL, details: 'internal error', metadata };
  const details = error.details.map(({ type, value }) => ({
    typeUrl: `type.googleapis.com/${type}`,
    value: Buffer.from(value),
  }));
  const rich = Status.encode({ code: error.code, message: error.message, details }).finish();
  metadata.set(DETAILS, Buffer.from(rich));
  return { code: error.code, details: error.message, metadata };
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'metadata' in error && error.metadata instanceof Metadata;
