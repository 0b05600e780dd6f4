import { status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, Status, type BadRequest_FieldViolation } from '@crm/proto/google/rpc/status';

/** What a caller learns about a failed call. */
export type Refusal = {
  code: string;
  message: string;
  /** Of google.rpc.BadRequest. */
  violations: BadRequest_FieldViolation[];
  /** Of google.rpc.ErrorInfo. */
  reason: string | undefined;
};

/** The refusal of a call. @throws if it succeeds */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    (answer) => Promise.reject(new Error(`not refused, but answered ${String(answer)}`)),
    (failed: ServiceError) => failed,
  );
  return readRefusal(error);
}

/** The refusal in a status and its trailer `grpc-status-details-bin`. */
export function readRefusal(ended: { code: number; details: string; metadata: Metadata }): Refusal {
  const [bytes] = ended.metadata.get('grpc-status-details-bin') as Buffer[];
  const details = bytes ? Status.decode(bytes).details : [];
  const valuesOf = (type: string) =>
    details.filter(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${type}`);
  return {
    code: status[ended.code] ?? String(ended.code),
    message: ended.details,
    violations: valuesOf('BadRequest').flatMap(({ value }) => BadRequest.decode(value).fieldViolations),
    reason: valuesOf('ErrorInfo').map(({ value }) => ErrorInfo.decode(value).reason)[0],
  };
}
