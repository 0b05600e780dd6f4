import type { Call } from '../rpc/call-context.ts';

/**
 * The author for a history: the caller; or, if the caller is a service, the person whose command it carries
 * out. Other callers cannot name somebody else.
 */
export const authorOf = ({ caller }: Pick<Call, 'caller'>, { auteur }: { auteur: string }): string =>
  (caller.service && auteur) || caller.sub;
