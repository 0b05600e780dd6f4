import { countingDb } from '@crm/db/testing/counting-db';
import { ownOrganisations } from '@crm/db/testing/own-organisations';
import type { Call } from '@crm/kit';
import { Invoice } from '@crm/proto/factures/factures';
import { NiveauRelance, PreviewMigrationRequest, StatutRelance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import { dueAt } from './due-at.ts';
import { previewMigration } from './preview-migration.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';

const { db, newOrganisation } = ownOrganisations(async (db, where) => {
  await db.relance.deleteMany({ where });
  await db.dernierEnvoi.deleteMany({ where });
  await db.regleRelance.deleteMany({ where });
});

const DATES = { dateFacture: '2090-05-04', dateEcheance: '2090-06-03' };
const LAST_SENT = new Date('2090-05-30T10:00:00Z');

/** Reminders of an organisation with a rule of its own, each to another client; every other one got a mail of late. */
async function remindersOf(count: number): Promise<string> {
  const organisationId = newOrganisation();
  await db.regleRelance.create({ data: { id: v7(), organisationId, ...DEFAULT_LEVEL, delai: 'P30D' } });
  const level = NiveauRelance.fromPartial({ ...DEFAULT_LEVEL, dueAt: dueAt(DEFAULT_LEVEL, DATES) });
  const planned = { statut: StatutRelance.EN_ATTENTE, niveaux: [NiveauRelance.toJSON(level) as object] };
  const clients = Array.from({ length: count }, (_, i) => `c-${String(i)}`);
  await db.relance.createMany({
    data: clients.map((clientId) => ({ id: v7(), organisationId, invoiceId: v7(), clientId, ...planned })),
  });
  await db.dernierEnvoi.createMany({
    data: clients
      .filter((_, i) => i % 2)
      .map((clientId) => ({ organisationId, clientId, envoi: '', dernierAt: LAST_SENT })),
  });
  return organisationId;
}

/** What is answered of a page, and how often the database, factures and the calendar were asked for it. */
async function preview(organisationId: string) {
  const asked = { database: 0, factures: 0, calendar: 0, clients: 0 };
  const openDays = () => (date: string) => {
    asked.calendar += 1;
    return date;
  };
  const list = async ({ ids = [] }: { ids?: string[] | undefined }) => {
    asked.factures += 1;
    return { invoices: ids.map((id) => Invoice.fromPartial({ id, ...DATES })), nextPageToken: '' };
  };
  const listClients = () => {
    asked.clients += 1;
    return Promise.resolve({ clients: [], nextPageToken: '' });
  };
  const notHeld = () => Promise.resolve(() => ({ attente: '', montantPreleve: 0n, preleveLe: '' }));
  const call = { signal: new AbortController().signal } as Call;
  const request = PreviewMigrationRequest.fromPartial({ organisationId, pageSize: 200 });
  const counting = countingDb(db, asked);
  const { migrations } = await previewMigration(
    counting,
    openDays,
    { factures: { list }, clients: { list: listClients } },
    notHeld,
  )(request, call);
  return { asked, migrations };
}

test('a page is read at once, however many reminders it has', async () => {
  const few = await preview(await remindersOf(2));
  const many = await preview(await remindersOf(40));
  expect(many.asked).toEqual(few.asked);
  expect(many.migrations).toHaveLength(40);
  for (const { clientId, changee, obstacle, avant, apres } of many.migrations) {
    expect({ changee, obstacle }).toEqual({ changee: true, obstacle: '' });
    // as planned for the client of that reminder: a day after its last one
    const isSpaced = Number(clientId.slice(2)) % 2 === 1;
    const first = isSpaced ? '2090-05-31T10:00:00.000Z' : '2090-05-19T07:00:00.000Z';
    expect([avant, apres].map((envois) => envois[0]!.datePrevue!.toISOString())).toEqual([
      first,
      '2090-06-03T07:00:00.000Z',
    ]);
  }
});
