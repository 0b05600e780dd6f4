import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { cutText } from './cut-text.ts';
import { isDatabaseAway } from './database-away.ts';
import { BadRequest, ErrorInfo, ResourceInfo, Status } from '@crm/proto/google/rpc/status';

/** A fault in a field of a request. */
export type FieldFault = { field: string; description: string };
/** The trailer of google.rpc.Status. */
const DETAILS = 'grpc-status-details-bin';
/** The statuses of a call to a service that is away or does not answer. */
const AWAY = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);
type Detail = { type: string; value: Uint8Array };

/** An error for the caller: a gRPC status with google.rpc details. Any other error becomes INTERNAL. */
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

/** A refusal is sent in headers, of which many clients accept 8 KiB, so only some faults are listed. */
const MOST_FAULTS = 20;
const MOST_BYTES = 1_200;
const MOST_CHARACTERS = { field: 100, description: 500 };

/** INVALID_ARGUMENT, naming each field at fault; if there are very many, the first ones. */
export function invalidFields(faults: FieldFault[]): RpcError {
  const { message, detail } = describe(toTell(faults));
  return new RpcError(status.INVALID_ARGUMENT, message, [detail]);
}

function describe(faults: FieldFault[]): { message: string; detail: Detail } {
  const message = faults.map(({ field, description }) => (field ? `${field}: ${description}` : description));
  const value = BadRequest.encode(BadRequest.fromPartial({ fieldViolations: faults })).finish();
  return { message: message.join('; '), detail: { type: 'google.rpc.BadRequest', value } };
}

/** The first faults, as many as fit, and the number of the others. */
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

/** INVALID_ARGUMENT about one field: `invalid('montant', 'must be positive')`. */
export const invalid = (field: string, description: string): RpcError =>
  invalidFields([{ field, description }]);

/** NOT_FOUND: no such entity. */
export function notFound(entity: string, id: string): RpcError {
  const value = ResourceInfo.encode(
    ResourceInfo.fromPartial({ resourceType: entity, resourceName: id }),
  ).finish();
  return new RpcError(status.NOT_FOUND, `${entity} ${id} not found`, [
    { type: 'google.rpc.ResourceInfo', value },
  ]);
}

/** A reference in a field of a request, and its kind: `client`, `contrat`. */
export type Reference = { field: string; entity: string; id: string };

/**
 * NOT_FOUND, naming each field whose entity does not exist.
 * @param others further faults to report with it
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

/** Whether an error is NOT_FOUND, of this process or of a service. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === status.NOT_FOUND;

/**
 * Statuses that another attempt would not change: the fault is in the request, or in the state of an entity.
 */
const REFUSALS = new Set<unknown>([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.ABORTED,
  status.UNIMPLEMENTED,
]);

/** Whether an error is a refusal, of this process or of a service. Anything else is worth another attempt. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && REFUSALS.has(error.code);

/**
 * The answer of a call, or undefined for NOT_FOUND, because references may be any strings. Rejects with any
 * other error.
 */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** ALREADY_EXISTS: it conflicts with an existing entity. */
export const conflict = (message: string): RpcError => withReason(status.ALREADY_EXISTS, 'CONFLICT', message);

/** FAILED_PRECONDITION: the entity's state does not allow it. The reason is a stable code for programs. */
export const failedPrecondition = (reason: string, message: string): RpcError =>
  withReason(status.FAILED_PRECONDITION, reason, message);

/**
 * ABORTED VERSION: the entity is not the version that the caller has seen. Worth reading it again, and deciding
 * again; the same call would be refused again.
 */
export const otherVersion = (message: string): RpcError => withReason(status.ABORTED, 'VERSION', message);

/** UNAVAILABLE: worth another attempt. */
export const unavailable = (reason: string, message: string): RpcError =>
  withReason(status.UNAVAILABLE, reason, message);

function withReason(code: status, reason: string, message: string): RpcError {
  const value = ErrorInfo.encode(ErrorInfo.fromPartial({ reason, domain: 'suivi' })).finish();
  return new RpcError(code, message, [{ type: 'google.rpc.ErrorInfo', value }]);
}

/**
 * The status for a caller. An RpcError, also one from another service, is passed on with its details in the
 * trailer `grpc-status-details-bin` (https://cloud.google.com/apis/design/errors). If the database or a
 * service is away: UNAVAILABLE. Anything else: INTERNAL, without details.
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
  // grpc-js encodes it as a URI, which throws for half a character: UTF-8 has a sign in its place
  return { code: error.code, details: Buffer.from(error.message).toString(), metadata };
}

/** What a caller is told of an error: its status, its stable reason, if it has one, and its words. */
export function toldOf(thrown: unknown): { code: status; reason: string; message: string } {
  const { code, details: message, metadata } = toStatus(thrown);
  const [bytes] = metadata?.get(DETAILS) ?? [];
  const info =
    bytes &&
    Status.decode(bytes as Buffer).details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return { code, reason: info ? ErrorInfo.decode(info.value).reason : '', message };
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'metadata' in error && error.metadata instanceof Metadata;
