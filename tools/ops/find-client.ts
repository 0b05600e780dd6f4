import { clientName, compactNumber } from '@crm/domain';
import { orUndefined } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { PlainError } from '../plain-error.ts';
import type { CallService } from './service-callers.ts';

/** The words of an argument or option that names a client. */
export const A_CLIENT = 'its reference, name, e-mail address, SIREN or id';

/** As many as a search answers at once, and as a message can name. */
const MOST_FOUND = 200;
const MOST_TOLD = 10;

/**
 * Finds a client as people name it, or by its id. Upper and lower case are the same; a part of a name is not enough.
 * @param org the id or code of its organisation; empty: any
 * @returns the client; or, with only the id, one that another system has
 * @throws {PlainError} there is none of that name, or there are several: it names them
 */
export async function findClient(
  call: CallService,
  named: string,
  org = '',
): Promise<Pick<Client, 'id'> & Partial<Client>> {
  const clients = call('clients', ClientBaseServiceService);
  const isReference = /^[A-Za-z0-9_-]{1,64}$/.test(named);
  const known = isReference ? await orUndefined(clients.get({ id: named })) : undefined;
  if (known) return known;
  let found: Client[] = [];
  let exact: Client[] = [];
  // a search looks into one field at a time: first and last name together are found by the longer one
  for (const texte of new Set([named, longestWord(named)])) {
    ({ clients: found } = await clients.search({ texte, organisationId: org, pageSize: MOST_FOUND }));
    exact = found.filter((one) => namesOf(one).includes(plain(named)));
    if (exact.length > 0) break;
  }
  const [client, ...others] = exact;
  if (client && others.length === 0) return client;
  const tell = (some: Client[]): string => {
    const told = some.slice(0, MOST_TOLD).map(describe).join('; ');
    return some.length > MOST_TOLD ? `${told}; …` : told;
  };
  if (client)
    throw new PlainError(`Several clients are called ${named}: ${tell(exact)}. Say which by its id.`);
  if (found.length > 0) throw new PlainError(`No client is called ${named}. Near to it: ${tell(found)}.`);
  // ids of clients may be any references, of another system
  if (isReference) return { id: named };
  throw new PlainError(`There is no client ${named}${org && ` of ${org}`}.`);
}

const namesOf = (client: Client): string[] =>
  [
    ...[client.referenceClient, client.email, client.raisonSociale, client.nom, clientName(client)],
    ...[`${client.nom} ${client.prenom}`, `${client.prenom} ${client.nom}`],
    ...[client.siren, client.numeroTva].map(compactNumber),
  ]
    .map(plain)
    .filter(Boolean);

const longestWord = (text: string): string =>
  text.split(/\s+/).reduce((longest, word) => (word.length > longest.length ? word : longest), '');

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase();

const describe = (client: Client): string =>
  [
    clientName(client),
    ...[client.referenceClient, client.email].filter(Boolean),
    `${client.id} of ${client.organisationId}`,
  ].join(', ');
