/** What an error is, without its message: a path of a bank's file, or a value of it, may have an account in it. */
export const errorCode = (error: unknown): string => {
  const { code, name } = error as { code?: string | number; name?: string };
  return String(code ?? name ?? 'unknown').slice(0, 50);
};
