import { renderPdf } from '@crm/kit/pdf';
import { Contrat } from '@crm/proto/contrats/contrats';
import { contratDocument } from './contrat-document.ts';

const contrat = Contrat.fromPartial({
  reference: 'C-2026-0042',
  organisationId: 'org-1',
  clientId: 'client-1',
  produitId: 'prod-1',
  montantTotal: 123_456n,
  nombreEcheances: 3,
  datePremiereEcheance: '2026-06-01',
  dateSignature: '2026-05-04',
  statut: 'SIGNE',
  createdAt: new Date('2026-05-04T10:00:00Z'),
});

/** The texts of a document in order. */
const texts = (of: Contrat, noms = {}) =>
  JSON.stringify(contratDocument(of, noms).content)
    .match(/(?<=")[^"]*(?=")/g)!
    .map((text) => text.replaceAll(/[\u00a0\u202f]/g, ' '));

test('says in French who agreed on what', () => {
  expect(texts(contrat, { client: 'Zoé Lefèvre', produit: 'Assistance' })).toEqual(
    expect.arrayContaining([
      'Contrat C-2026-0042',
      'org-1',
      'Zoé Lefèvre (référence client-1)',
      'Assistance (référence prod-1)',
      '1 234,56 €',
      'En 3 mensualités',
      '1er juin 2026',
      '4 mai 2026',
    ]),
  );
});

test('names by their references those whom nobody knows', () => {
  expect(texts(contrat)).toEqual(expect.arrayContaining(['Référence client-1', 'Référence prod-1']));
});

test('a draft says that it is not signed; nothing to pay says so', () => {
  const draft = texts({ ...contrat, montantTotal: 0n, dateSignature: '', statut: 'BROUILLON' });
  expect(draft).toEqual(
    expect.arrayContaining([
      'Projet de contrat C-2026-0042',
      '0,00 € : rien n’est à payer.',
      'Ce projet n’est pas signé.',
    ]),
  );
});

test('a signed contract has the same bytes whenever it is rendered, also after its termination', async () => {
  const signed = await renderPdf(contratDocument(contrat, {}));
  const terminated = {
    ...contrat,
    statut: 'RESILIE',
    dateResiliation: '2026-07-01',
    updatedAt: new Date(),
  } as const;
  expect((await renderPdf(contratDocument(terminated, {}))).equals(signed)).toBe(true);
});

test('fits one page, also with the longest names and the largest amount', async () => {
  const long = {
    ...contrat,
    reference: 'R'.repeat(64),
    organisationId: 'o'.repeat(64),
    mandatId: 'm'.repeat(64),
  };
  const noms = { client: 'W'.repeat(201), produit: 'W'.repeat(200) };
  const definition = contratDocument(
    { ...long, montantTotal: 1_000_000_000_000n, nombreEcheances: 120 },
    noms,
  );
  const pdf = await renderPdf({ ...definition, compress: false });
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
});
