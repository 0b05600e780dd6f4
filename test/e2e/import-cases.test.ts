import { readdirSync, readFileSync } from 'node:fs';
import { AdresseServiceService, Client, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ImportServiceService as ClientImports } from '@crm/proto/clients/imports';
import { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import { ImportServiceService as InvoiceImports } from '@crm/proto/factures/imports';
import type { ImportRequest, ImportResponse, LigneImport } from '@crm/proto/imports/imports';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const adresses = stack.client('clients', AdresseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const imports = {
  clients: stack.client('clients', ClientImports),
  invoices: stack.client('factures', InvoiceImports),
};

afterAll(() => stack.close());

type Kind = keyof typeof imports;
/** The right answer of a file. See test/import-cases/README.md. */
type Answer = {
  about: string;
  clients?: Partial<Client>[];
  remarques?: string[];
  /** By row: what becomes of it, or the faults by column, of which the words need only contain these. */
  lignes?: Record<string, string | Record<string, string>>;
  /** What is created, in order. */
  crees?: ({ client?: string; adresse?: object } & Record<string, unknown>)[];
  /** Words of why the file is refused. */
  refused?: string;
};

const FOLDER = new URL('../import-cases/', import.meta.url).pathname;
const cases = (['clients', 'invoices'] as const).flatMap((kind) =>
  readdirSync(FOLDER + kind)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const answer = JSON.parse(readFileSync(`${FOLDER}${kind}/${name}`, 'utf8')) as Answer;
      const contenu = readFileSync(`${FOLDER}${kind}/${name.replace(/json$/, 'csv')}`);
      return [`${kind}/${name.replace('.json', '')}: ${answer.about}`, kind, contenu, answer] as const;
    }),
);

async function importFile(kind: Kind, request: Partial<ImportRequest>) {
  const answers: ImportResponse[] = [];
  for await (const answer of imports[kind].import(request)) answers.push(answer);
  return {
    lignes: answers.flatMap(({ lignes }) => lignes),
    remarques: answers.flatMap(({ remarques }) => remarques),
    bilan: answers.at(-1)!.bilan!,
  };
}

/** Words that need only be contained, as a matcher of all lines. */
const told = (lignes: LigneImport[]) =>
  Object.fromEntries(
    lignes.map(({ ligne, sort, fautes }) => [
      ligne,
      fautes.length > 0
        ? Object.fromEntries(fautes.map(({ colonne, message }) => [colonne, message]))
        : String(sort),
    ]),
  );
const containing = (lignes: NonNullable<Answer['lignes']>) =>
  Object.fromEntries(
    Object.entries(lignes).map(([ligne, expected]) => [
      ligne,
      typeof expected === 'string'
        ? expected
        : Object.fromEntries(
            Object.entries(expected).map(([column, words]) => [
              column,
              expect.stringContaining(words) as unknown,
            ]),
          ),
    ]),
  );

async function createdClients(ids: string[]) {
  return await Promise.all(
    ids.map(async (id) => {
      const [adresse] = (await adresses.listByClient({ clientId: id })).adresses;
      const client = Client.toJSON(await clients.get({ id })) as object;
      return adresse ? { ...client, adresse } : client;
    }),
  );
}

async function createdInvoices(ids: string[]) {
  return await Promise.all(
    ids.map(async (id) => {
      const invoice = await factures.get({ id });
      const { referenceClient: client } = await clients.get({ id: invoice.clientId });
      return { ...(Invoice.toJSON(invoice) as object), client };
    }),
  );
}

test.each(cases)(
  '%s',
  async (_, kind, contenu, { clients: known = [], lignes = {}, crees = [], ...answer }) => {
    const organisationId = unique('org');
    for (const client of known) await clients.create({ ...client, organisationId });
    const file = { organisationId, nomFichier: 'clients.csv', contenu };
    if (answer.refused) {
      const refusal = await refusalOf(importFile(kind, file));
      expect(refusal.code).toBe('INVALID_ARGUMENT');
      expect(refusal.message).toContain(answer.refused);
      return;
    }
    // a dry run says the same of each line, and creates nothing
    const dry = await importFile(kind, file);
    for (const words of answer.remarques ?? []) expect(dry.remarques.join('\n')).toContain(words);
    const expected = containing(lignes);
    const before = Object.entries(expected).map(([row, sort]) => [row, sort === 'CREEE' ? 'A_CREER' : sort]);
    expect(told(dry.lignes)).toEqual(Object.fromEntries(before));
    const hasFaults = dry.bilan.enFaute > 0;
    if (hasFaults) {
      const refused = await importFile(kind, { ...file, appliquer: true });
      expect(refused.bilan).toEqual(dry.bilan);
    }
    const applied = await importFile(kind, { ...file, appliquer: true, saufFautives: hasFaults });
    expect(told(applied.lignes)).toEqual(expected);
    const ids = applied.lignes.filter(({ sort }) => (sort as string) === 'CREEE').map(({ id }) => id);
    const found = await (kind === 'clients' ? createdClients(ids) : createdInvoices(ids));
    expect(found).toMatchObject(crees);

    const again = await importFile(kind, { ...file, appliquer: true, saufFautives: true });
    expect(again.bilan).toMatchObject({ creees: 0, existantes: ids.length });
    expect(again.lignes.flatMap(({ id }) => id || []).sort()).toEqual(ids.sort());
  },
  30_000,
);
