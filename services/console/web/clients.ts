import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useQuery as useConnectQuery, useTransport } from '@connectrpc/connect-query';
import { useQuery } from '@tanstack/react-query';
import { ClientBaseService, type Client } from '../gen/proto/clients/clients_pb.ts';
import { UtilisateurService, type Utilisateur } from '../gen/proto/users/users_pb.ts';

/** As many as the service gives at once. */
const AT_ONCE = 200;
const FRESH_MS = 5 * 60_000;

/** Clients by their ids; those that are not known yet, or not at all, are left out. */
export function useClients(ids: string[]): ReadonlyMap<string, Client> {
  const transport = useTransport();
  const wanted = [...new Set(ids.filter(Boolean))].sort();
  const { data } = useQuery({
    queryKey: ['clients', wanted],
    queryFn: ({ signal }) => readClients(transport, wanted, signal),
    enabled: wanted.length > 0,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
  return data ?? NONE;
}

const NONE = new Map<string, never>();

async function readClients(
  transport: Transport,
  ids: string[],
  signal: AbortSignal,
): Promise<Map<string, Client>> {
  const found = new Map<string, Client>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const request = { ids: ids.slice(at, at + AT_ONCE), pageSize: AT_ONCE };
    const { clients } = await callUnaryMethod(transport, ClientBaseService.method.list, request, { signal });
    for (const client of clients) found.set(client.id, client);
  }
  return found;
}

/** The name by which people know a client. */
export const nameOf = ({ raisonSociale, prenom, nom }: Client): string =>
  raisonSociale || [prenom, nom].filter(Boolean).join(' ');

/** The name of a person by the `sub` of his tokens; the `sub` itself if he is no user. */
export function useAuthorName(sub: string): string {
  const { data } = useConnectQuery(
    UtilisateurService.method.list,
    { keycloakIds: [sub], pageSize: 1 },
    { enabled: sub !== '', staleTime: FRESH_MS },
  );
  const user = data?.utilisateurs[0];
  return user ? userName(user) || sub : sub;
}

const userName = ({ prenom, nom }: Utilisateur): string => `${prenom} ${nom}`.trim();

/** The names of users by their ids; an id that is no user's is its own name: references may be those of another system. */
export function useUserNames(ids: string[]): ReadonlyMap<string, string> {
  const transport = useTransport();
  const wanted = [...new Set(ids.filter(Boolean))].sort();
  const { data } = useQuery({
    queryKey: ['users', wanted],
    queryFn: ({ signal }) => readUserNames(transport, wanted, signal),
    enabled: wanted.length > 0,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
  return data ?? NONE;
}

/** The people of an organisation, by name; everybody, if none was created for it. */
export function useUsersOf(organisationId: string): { id: string; nom: string }[] {
  const list = UtilisateurService.method.list;
  const page = { pageSize: AT_ONCE };
  const own = useConnectQuery(list, { organisationId, ...page }, { staleTime: FRESH_MS });
  const isNobody = own.data?.utilisateurs.length === 0;
  const all = useConnectQuery(list, page, { staleTime: FRESH_MS, enabled: isNobody });
  return ((isNobody ? all.data : own.data)?.utilisateurs ?? [])
    .map((user) => ({ id: user.id, nom: userName(user) }))
    .sort((one, other) => one.nom.localeCompare(other.nom));
}

/** The same, read at once: for a file. */
export async function readUserNames(
  transport: Transport,
  ids: string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const names = new Map(ids.map((id) => [id, id]));
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const request = { ids: ids.slice(at, at + AT_ONCE), pageSize: AT_ONCE };
    const { utilisateurs } = await callUnaryMethod(transport, UtilisateurService.method.list, request, {
      ...(signal && { signal }),
    });
    for (const user of utilisateurs) names.set(user.id, userName(user) || user.id);
  }
  return names;
}
