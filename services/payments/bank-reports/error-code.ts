/**
 * An error without its message: the message may contain a path or a value of a bank file, and so an account.
 */
export const errorCode = (error: unknown): string => {
  const { code, name } = error as { code?: string | number; name?: string };
  return String(code ?? name ?? 'unknown').slice(0, 50);
};
