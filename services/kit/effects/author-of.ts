import type { Call } from '../rpc/call-context.ts';

/**
 * Whose act a history has: who calls, or whom a workflow names that carries out what a person told it. Of a person that
 * is never taken.
 */
export const authorOf = ({ caller }: Pick<Call, 'caller'>, { auteur }: { auteur: string }): string =>
  (caller.service && auteur) || caller.sub;
