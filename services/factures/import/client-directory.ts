import { clientName, type ImportedLine } from '@crm/domain';
import { everyPage, type Connected } from '@crm/kit';
import type { Client, ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { Key } from './columns.ts';
import type { Imported, Named } from './read-invoice-line.ts';

export type Clients = Pick<Connected<typeof ClientBaseServiceService>, 'list'>;

/** The clients of an organisation by what names them. Several of one name: more than one id. */
export type Directory = Map<string, Set<string>>;

export async function readDirectory(
  { list }: Clients,
  organisationId: string,
  signal: AbortSignal,
): Promise<Directory> {
  const directory: Directory = new Map();
  const add = (key: string, text: string, id: string) => {
    if (!text) return;
    const place = `${key} ${text.toLowerCase()}`;
    directory.set(place, (directory.get(place) ?? new Set()).add(id));
  };
  const pages = everyPage((page) => {
    signal.throwIfAborted();
    return list({ organisationId, ...page });
  });
  for await (const { clients } of pages)
    for (const client of clients) for (const [key, text] of namesOf(client)) add(key, text, client.id);
  return directory;
}

const namesOf = (client: Client): [key: string, text: string][] => [
  ['reference', client.referenceClient],
  ['reference', client.id],
  ['siren', client.siren],
  ['email', client.email],
  // the name beside a company's is its contact, and may be another client
  ...[
    ...new Set(
      client.raisonSociale
        ? [client.raisonSociale]
        : [clientName(client), client.nom, `${client.nom} ${client.prenom}`.trim()],
    ),
  ].map((name): [string, string] => ['client', name]),
];

/** Finds the client by the surest of its names. */
export function findClient(one: ImportedLine<Key, Imported>, directory: Directory): void {
  const value = one.value!;
  if (value.clientId || value.named.length === 0) return;
  const of = ({ key, text }: Named): string[] =>
    (KINDS[key] ?? [key])
      .map((kind) => [...(directory.get(`${kind} ${text}`) ?? [])])
      .find((ids) => ids.length > 0) ?? [];
  const [first, ...others] = value.named as [Named, ...Named[]];
  // several establishments share a SIREN or an address: what else the line says decides
  let ids = of(first);
  for (const named of others) {
    if (ids.length === 1) break;
    // a reference that nobody has is a mistake, whatever else the line says
    if (ids.length === 0 && first.key === 'reference') break;
    const found = of(named);
    const both = ids.length === 0 ? found : ids.filter((id) => found.includes(id));
    if (both.length > 0) ids = both;
  }
  if (ids.length === 1) value.clientId = ids[0]!;
  else one.reader.fault(first.key, ids.length > 1 ? SEVERAL : NOBODY);
}

/** Where else a name is looked for: many exports have one column for references and names. */
const KINDS: Partial<Record<Key, string[]>> = {
  reference: ['reference', 'client'],
  siret: ['siren'],
  client: ['client', 'reference'],
};
const SEVERAL = 'plusieurs clients s’appellent ainsi : dites la référence client';
const NOBODY =
  'aucun client de l’organisation ne s’appelle ainsi : importez les clients d’abord, ou corrigez';
