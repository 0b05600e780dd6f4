import { isRefusal } from '@crm/kit';
import { status, type ServiceError } from '@grpc/grpc-js';
import { ApplicationFailure } from '@temporalio/common';
import { wrapActivities } from './wrap-activities.ts';

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number' && 'metadata' in error;

/**
 * Converts a gRPC error for Temporal: a refusal is final; anything else, for example UNAVAILABLE or INTERNAL,
 * is worth another attempt. The failure's type is the status's name, so that the UI and retry policies can
 * tell them apart.
 */
export function toFailure(error: unknown): unknown {
  if (!isServiceError(error)) return error;
  return ApplicationFailure.create({
    message: error.details || status[error.code],
    type: status[error.code],
    nonRetryable: isRefusal(error),
  });
}

/** Activities whose gRPC errors become failures. */
export const withFailures = <A extends object>(activities: A): A =>
  wrapActivities(activities, (activity) => async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      throw toFailure(error);
    }
  });
