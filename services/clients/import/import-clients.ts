import type { Db, Tx } from '@crm/db';
import { clientName, importLines, type ImportedLine, type ImportRules } from '@crm/domain';
import { emitAll, type Methods } from '@crm/kit';
import type { CreateClientRequest } from '@crm/proto/clients/clients';
import type { ImportServiceService } from '@crm/proto/clients/imports';
import { SortLigne } from '@crm/proto/imports/imports';
import { v7 } from 'uuid';
import { COLUMNS, type Key } from './columns.ts';
import { identityOf, readClient, type Imported } from './read-client-line.ts';

type Line = ImportedLine<Key, Imported>;

/** Imports clients from a file. What the RPC answers is documented in proto/imports. */
export const importClients = (db: Db): Methods<typeof ImportServiceService> => ({
  import: (request, { signal }) => importLines(request, rules(db, request.organisationId), signal),
});

const rules = (db: Db, organisationId: string): ImportRules<Key, Imported> => ({
  columns: COLUMNS,
  needed: [['raisonSociale', 'nom', 'client']],
  libelle: (reader) => {
    const person = [reader.cell('prenom'), reader.cell('nom')].filter(Boolean).join(' ');
    const name = reader.cell('raisonSociale') || reader.cell('client') || person;
    return [name, reader.cell('reference')].filter(Boolean).join(', ');
  },
  read: (reader) => readClient(reader, organisationId),
  identity: ({ client }, reader) => identityOf(client, reader),
  judge: (lines) => judge(db, organisationId, lines),
  async create(lines) {
    await db.$transaction(async (tx) => {
      // two imports of the same file: the second one waits, and finds what the first one has created
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`clients/import/${organisationId}`}, 0))`;
      await judge(tx, organisationId, lines);
      await create(
        tx,
        lines.filter(({ sort }) => sort === SortLigne.A_CREER),
      );
    });
  },
});

type Known = { id: string; reference: string; siren: string; email: string; name: string };

/** Finds the lines whose clients exist. A client without a reference is found by what else it has. */
async function judge(db: Db | Tx, organisationId: string, lines: Line[]): Promise<void> {
  if (lines.length === 0) return;
  const clients = lines.map(({ value }) => value!.client);
  const lower = (of: (client: CreateClientRequest) => string) =>
    clients.map((client) => of(client).toLowerCase()).filter(Boolean);
  const known = await db.$queryRaw<Known[]>`
    SELECT id, lower(reference_client) AS reference, siren, lower(email) AS email,
      lower(CASE WHEN raison_sociale <> '' THEN raison_sociale ELSE trim(prenom || ' ' || nom) END) AS name
    FROM clients.clients
    WHERE organisation_id = ${organisationId} AND (
      lower(reference_client) = ANY(${lower((one) => one.referenceClient)})
      OR siren = ANY(${lower((one) => one.siren)}) OR lower(email) = ANY(${lower((one) => one.email)})
      OR lower(CASE WHEN raison_sociale <> '' THEN raison_sociale ELSE trim(prenom || ' ' || nom) END)
        = ANY(${lower(clientName)}))
    ORDER BY id`;
  for (const one of lines) {
    const found = findKnown(one.value!.client, known);
    if (!found) continue;
    one.sort = SortLigne.EXISTANTE;
    one.id = found.id;
    const { referenceClient } = one.value!.client;
    if (referenceClient && !found.reference)
      one.remarque = `existe sans référence : donnez-lui ${referenceClient} (clients.ClientBaseService/Update)`;
  }
}

function findKnown(client: CreateClientRequest, known: Known[]): Known | undefined {
  const reference = client.referenceClient.toLowerCase();
  const email = client.email.toLowerCase();
  const same = known.find((one) => reference && one.reference === reference);
  // several establishments of a company share its SIREN and often its address: references tell them apart
  const others = same ? [] : known.filter((one) => !reference || !one.reference);
  return (
    same ??
    others.find((one) => client.siren && one.siren === client.siren) ??
    // companies with one accountant share an address, and have their own SIREN
    others.find((one) => email && one.email === email && !(client.siren && one.siren)) ??
    (client.siren || client.email || reference
      ? undefined
      : others.find((one) => one.name === clientName(client).toLowerCase()))
  );
}

async function create(tx: Tx, lines: Line[]): Promise<void> {
  const createdAt = new Date();
  const rows = lines.map((one) => ({ one, id: v7(), ...one.value! }));
  await tx.client.createMany({ data: rows.map(({ id, client }) => ({ ...client, id, createdAt })) });
  await tx.adresse.createMany({
    data: rows.flatMap(({ id: clientId, adresse }) =>
      adresse ? [{ ...adresse, id: v7(), clientId, usage: 'FACTURATION' }] : [],
    ),
  });
  await emitAll(
    tx,
    'client.created',
    rows.map(({ id: clientId, client }) => ({
      fields: {
        ...{ clientId, organisationId: client.organisationId, createdAt, sansBienvenue: true },
        ...{ nom: client.nom || clientName(client), prenom: client.prenom, email: client.email },
        raisonSociale: client.raisonSociale,
      },
    })),
  );
  for (const { one, id } of rows) {
    one.sort = SortLigne.CREEE;
    one.id = id;
  }
}
