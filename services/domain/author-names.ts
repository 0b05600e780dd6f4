import { orUndefined, remembered, type Connected } from '@crm/kit';
import type { UtilisateurServiceService } from '@crm/proto/users/users';

/** The RPC of users that tells who somebody is. */
export type Users = Pick<Connected<typeof UtilisateurServiceService>, 'getByKeycloakId'>;

/**
 * The names behind the `sub`s of a history, if users knows them; else the `sub` itself.
 * @throws {ServiceError} users is away
 */
export async function authorNames(users: Users, subs: string[]): Promise<Map<string, string>> {
  const ask = remembered(async (keycloakId: string) => {
    const isPerson = /^[A-Za-z0-9_-]{1,64}$/.test(keycloakId);
    const user = isPerson ? await orUndefined(users.getByKeycloakId({ keycloakId })) : undefined;
    return user ? [user.prenom, user.nom].filter(Boolean).join(' ') : keycloakId;
  });
  const names = new Map<string, string>();
  for (const sub of subs) {
    if (sub) names.set(sub, sub.startsWith('service:') ? 'Suivi (automatique)' : await ask(sub));
  }
  return names;
}
