import { Contrat, StatutContrat } from '@crm/proto/contrats/contrats';
import { Invoice } from '@crm/proto/factures/factures';
import { randomBytes } from 'node:crypto';
import type { DueDebit } from './due-payments.ts';
import { parseSecretKeys, secretCipher } from '@crm/kit/secrets';
import { sortOut, type Collection } from './sort-out.ts';

const cipher = secretCipher(parseSecretKeys(`k:${randomBytes(32).toString('base64')}`), 'IBAN_KEYS');
const CREDITOR = { name: 'Suivi', iban: 'FR7630006000011234567890189', bic: '', id: 'FR72ZZZ123456' };
const DAY = '2026-12-15';
const ACCOUNTS = {
  GB: 'GB29NWBK60161331926819',
  FR: 'FR1420041010050500013M02606',
  CH: 'CH9300762011623852957',
};
const ADDRESS = {
  ...{ rue: '', numero: '', batiment: '', boitePostale: '', codePostal: '', region: '' },
  ...{ ville: 'London', pays: 'GB' },
};

let count = 0;
function debit(changes: Partial<DueDebit> & { country?: keyof typeof ACCOUNTS } = {}): DueDebit {
  const { country = 'FR', ...fields } = changes;
  const iban = ACCOUNTS[country];
  return {
    ...{
      id: `p-${++count}`,
      organisationId: 'org',
      clientId: 'c',
      mandatId: 'm',
      montant: 100n,
      depassement: 0n,
      tentative: 1,
    },
    ...{
      invoiceId: '',
      contratId: '',
      scheduleId: '',
      datePrevue: DAY,
      prenotifiePour: DAY,
      prenotifieAt: null,
    },
    ...{
      createdAt: new Date('2026-11-01'),
      mandatStatut: 'ACTIF',
      prenotificationJours: 14,
      bic: '',
      rum: 'RUM',
    },
    ...{ dateSignature: '2026-01-15', dernierePresentation: '', titulaire: 'Zoé', adresse: null },
    ...{ ibanChiffre: cipher.encrypt(iban, 'm'), ibanMasque: `${iban.slice(0, 4)} **** 000` },
    ...fields,
  };
}
const collection = (changes: Partial<Collection> = {}): Collection => ({
  ...{ dateCollecte: DAY, auteur: 'alice', dispense: undefined, cipher },
  contracts: new Map([
    ['k', Contrat.fromPartial({ id: 'k', reference: 'C-1', statut: StatutContrat.RESILIE })],
  ]),
  invoices: new Map([['f', Invoice.fromPartial({ id: 'f', numero: 'F-2026-0001' })]]),
  creditors: new Map([['org', CREDITOR]]),
  ...changes,
});
const reasons = (debits: DueDebit[], of = collection()) =>
  sortOut(debits, of, new Map([['f', 150n]])).leftOut.map(({ paymentId, motif }) => [
    paymentId,
    String(motif),
  ]);

test.each<[string, Partial<DueDebit> & { country?: 'GB' | 'CH' }]>([
  ['MANDAT_REVOQUE', { mandatStatut: 'REVOQUE', dateSignature: '2020-01-01' }],
  ['MANDAT_CADUC', { dateSignature: '2023-12-14' }],
  ['CONTRAT_RESILIE', { contratId: 'k' }],
  ['ADRESSE_DEBITEUR', { country: 'GB' }],
  ['ADRESSE_DEBITEUR', { country: 'CH', prenotifiePour: '' }],
  ['PRELEVEMENT', { rum: '//' }],
  ['PREAVIS', { prenotifiePour: '' }],
  ['CREANCIER', { organisationId: 'other' }],
])('one is left out for %s, the others are taken', (motif, changes) => {
  const [bad, good, british] = [debit(changes), debit(), debit({ country: 'GB', adresse: ADDRESS })];
  const { taken, leftOut } = sortOut([bad, good, british], collection(), new Map());
  expect(taken.map(({ id }) => id)).toEqual([good.id, british.id]);
  expect(leftOut).toMatchObject([{ paymentId: bad.id, motif, montant: 100n, datePrevue: DAY }]);
  expect(leftOut[0]!.explication).toMatch(/^[A-Z].+\.$/);
});

test('the last day of a mandate is one on which it is used', () => {
  expect(reasons([debit({ dateSignature: '2023-12-15' })])).toEqual([]);
  expect(reasons([debit({ dateSignature: '2020-01-01', dernierePresentation: '2023-12-15' })])).toEqual([]);
});

test('a creditor outside of the European Economic Area asks for every debtor’s address', () => {
  const swiss = collection({ creditors: new Map([['org', { ...CREDITOR, iban: ACCOUNTS.CH }]]) });
  const one = debit();
  expect(reasons([one, debit({ adresse: ADDRESS })], swiss)).toEqual([[one.id, 'ADRESSE_DEBITEUR']]);
});

test('debits of an invoice take what is left of it; the one for which nothing is left is named', () => {
  const debits = [debit({ invoiceId: 'f' }), debit({ invoiceId: 'f' }), debit({ invoiceId: 'f' })];
  const { taken, leftOut } = sortOut(debits, collection(), new Map([['f', 150n]]));
  expect(taken.map(({ montant }) => montant)).toEqual([100n, 50n]);
  expect(leftOut).toMatchObject([{ paymentId: debits[2]!.id, motif: 'FACTURE_SOLDEE' }]);
});

test('who does without notice is kept, of the payments that lack it and are meant', () => {
  const [told, untold, other] = [debit(), debit({ prenotifiePour: '' }), debit({ prenotifiePour: '' })];
  const dispense = { motif: 'accord du client', paymentIds: [untold.id, told.id] };
  const { taken, leftOut } = sortOut([told, untold, other], collection({ dispense }), new Map());
  expect(taken.map(({ id, sansPreavis }) => [id, sansPreavis])).toEqual([
    [told.id, undefined],
    [untold.id, { auteur: 'alice', motif: 'accord du client' }],
  ]);
  expect(leftOut).toMatchObject([{ paymentId: other.id, motif: 'PREAVIS' }]);
});
