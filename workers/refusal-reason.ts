import type { ServiceError } from '@grpc/grpc-js';
import { ErrorInfo, Status } from '@crm/proto/google/rpc/status';

/**
 * The stable reason of a refusal, for example `APPORTEUR_INACTIF`, from google.rpc.ErrorInfo in the error's
 * trailer.
 */
export function refusalReason(error: Partial<ServiceError>): string | undefined {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!bytes) return undefined;
  const info = Status.decode(bytes as Buffer).details.find(({ typeUrl }) =>
    typeUrl.endsWith('/google.rpc.ErrorInfo'),
  );
  return info && ErrorInfo.decode(info.value).reason;
}
