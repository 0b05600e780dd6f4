import { Invoice } from '@crm/proto/factures/factures';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dossier, DossierSources } from './read-dossier.ts';
import { zipDossier } from './zip-dossier.ts';

const nothing = {
  creditNotes: [],
  mails: [],
  replies: [],
  payments: [],
  decisions: [],
  pieces: [],
  authors: new Map(),
};
const dossier: Dossier = {
  ...nothing,
  invoice: Invoice.fromPartial({
    id: 'f',
    numero: 'F-2026-0001',
    dateFacture: '2026-06-01',
    dateEcheance: '2026-07-01',
  }),
  client: undefined,
  societe: undefined,
  formalNotice: undefined,
};
/** The invoice's PDF arrives in pieces, and then fails. */
const failing = {
  factures: {
    async *downloadPdf() {
      yield { contenu: Buffer.alloc(1_000_000, 7) };
      await delay(20);
      throw new Error('factures has died');
    },
  },
} as unknown as DossierSources;

const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);
beforeAll(() => process.on('uncaughtException', note));
afterAll(() => process.off('uncaughtException', note));

test('a source that fails on the way ends the dossier with its error, and nothing else', async () => {
  const read = async () => {
    for await (const chunk of zipDossier(failing, dossier)) expect(chunk.length).toBeGreaterThan(0);
  };
  await expect(read()).rejects.toThrow('factures has died');
  await delay(50);
  expect(uncaught).toEqual([]);
});

test('a caller who leaves ends what was under way', async () => {
  for await (const chunk of zipDossier(failing, dossier)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await delay(100);
  expect(uncaught).toEqual([]);
});
