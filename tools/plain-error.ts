/** An error whose message is a sentence for the user, shown without a stack trace. */
export class PlainError extends Error {
  override name = 'PlainError';
}

/**
 * What to print for an error: the sentence of a `PlainError`; the stack of anything else, because it is our
 * defect.
 */
export function describeError(error: unknown): string {
  if (error instanceof PlainError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
