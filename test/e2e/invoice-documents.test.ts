import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { AdressePostale, InvoiceServiceService } from '@crm/proto/factures/factures';
import { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { PNG } from 'pngjs';
import { readPdfText } from '@crm/factures/testing/read-pdf-text';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const factures = stack.client('factures', InvoiceServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const adresses = stack.client('clients', AdresseServiceService);
const societes = stack.client('organisations', SocieteServiceService);

afterAll(() => stack.close());

const read = async (chunks: AsyncIterable<{ contenu: Uint8Array }>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const { contenu } of chunks) parts.push(contenu);
  return Buffer.concat(parts);
};
const textOf = (pdf: Buffer) =>
  readPdfText(pdf)
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ');
const invoiceText = async (id: string) => textOf(await read(factures.downloadPdf({ id })));

const picture = (red: number) =>
  PNG.sync.write({
    width: 60,
    height: 20,
    data: Buffer.alloc(60 * 20 * 4, Buffer.from([red, 0, 0, 255])),
  } as PNG);
/** Of the logo's picture, as a PDF declares it. */
const imagesIn = (pdf: Buffer) => [...pdf.toString('latin1').matchAll(/\/Subtype \/Image/g)].length;

async function ground() {
  const organisationId = unique('org');
  const societe = await societes.create({
    ...{
      organisationId,
      raisonSociale: 'Énergie & Cie',
      formeJuridique: 'SAS',
      siren: '732829320',
      rcs: 'Paris',
    },
    ...{ numeroTva: 'FR44732829320', adresse: '1 rue de la Paix\n75002 Paris', tvaSurDebits: true },
    ...{ categorieOperation: 'MIXTE', logo: picture(200), paiement: 'Virement : IBAN de test' },
  });
  const client = await clients.create({
    ...{ organisationId, raisonSociale: 'Boulangerie Le Fournil SARL', prenom: 'Marc', nom: 'Dupont' },
    ...{ siren: '404833048', numeroTva: 'FR83404833048', referenceClient: 'C-0042' },
  });
  const clientId = client.id;
  const ville = { codePostal: '69002', ville: 'Lyon' };
  const siege = await adresses.create({ clientId, ligne1: '12 rue du Four', ...ville });
  await adresses.create({ clientId, ligne1: '8 quai des Docks', ...ville, usage: 'LIVRAISON' });
  return { organisationId, societe, client, clientId, siege };
}

test('an invoice says who, when, what and where, and stays so when its client and seller change', async () => {
  const { organisationId, societe, clientId, siege } = await ground();
  const invoice = await factures.create({
    ...{ organisationId, clientId, montant: 12_000n, objet: 'Fournitures', numeroCommande: 'BC-118' },
    ...{ dateFacture: '2026-05-31', periodeDu: '2026-05-01', periodeAu: '2026-05-31' },
  });
  expect(invoice).toMatchObject({
    categorieOperation: 'MIXTE',
    adresseLivraison: { ligne1: '8 quai des Docks' },
    emetteur: { societeId: societe.id, siren: '732829320', logoId: societe.logoId },
    destinataire: { raisonSociale: 'Boulangerie Le Fournil SARL', professionnel: true },
  });
  expect(await factures.get({ id: invoice.id })).toEqual({ ...invoice, updatedAt: invoice.updatedAt });
  const issued = await read(factures.downloadPdf({ id: invoice.id }));
  expect(imagesIn(issued)).toBe(1);
  for (const said of [
    'Boulangerie Le Fournil SARL À l’attention de Marc Dupont 12 rue du Four 69002 LYON',
    'Adresse de livraison 8 quai des Docks, 69002 LYON',
    'Nature de l’opération Livraison de biens et prestation de services',
    'Période de l’opération du 1er au 31 mai 2026',
    'Votre commande BC-118',
    'Référence client C-0042',
    'SIREN du client 404 833 048',
    'Option pour le paiement de la taxe d’après les débits',
    'Règlement Virement : IBAN de test',
    'SIREN 732 829 320 · RCS Paris',
  ])
    expect(textOf(issued)).toContain(said);

  await adresses.update({ id: siege.id, ligne1: '99 avenue Neuve', ville: 'Paris', codePostal: '75001' });
  await clients.update({ id: clientId, raisonSociale: 'Le Fournil Nouveau SAS', siren: '', numeroTva: '' });
  await societes.update({
    id: societe.id,
    raisonSociale: 'Autre Nom',
    logo: picture(10),
    tvaSurDebits: false,
  });
  await societes.create({ organisationId, raisonSociale: 'Encore une autre' });
  expect((await read(factures.downloadPdf({ id: invoice.id }))).equals(issued)).toBe(true);

  await clients.delete({ id: clientId });
  expect((await read(factures.downloadPdf({ id: invoice.id }))).equals(issued)).toBe(true);
  // how to pay is what it is today
  await societes.update({ id: societe.id, paiement: 'Virement : nouvel IBAN' });
  expect(await invoiceText(invoice.id)).toContain('Règlement Virement : nouvel IBAN');
});

test('a credit note is for whom the client is when it is issued', async () => {
  const { organisationId, clientId, siege } = await ground();
  const { id: invoiceId } = await factures.create({ organisationId, clientId, montant: 12_000n });
  await adresses.update({ id: siege.id, ligne1: '99 avenue Neuve' });
  const note = await factures.createCreditNote({ invoiceId, motif: 'Erreur' });
  await adresses.update({ id: siege.id, ligne1: '1 rue du Lendemain' });
  const pdf = await read(factures.downloadCreditNotePdf({ id: note.id }));
  expect(textOf(pdf)).toContain('99 avenue Neuve');
  expect(textOf(pdf)).toContain('Nature de l’opération Livraison de biens et prestation de services');
  expect(imagesIn(pdf)).toBe(1);
  expect(await invoiceText(invoiceId)).toContain('12 rue du Four');
});

test('services are delivered nowhere, the client’s own address is not told twice, another one is', async () => {
  const { organisationId, clientId } = await ground();
  const issue = (more: object) => factures.create({ organisationId, clientId, montant: 12_000n, ...more });
  expect((await issue({ categorieOperation: 'PRESTATION_SERVICES' })).adresseLivraison).toBeUndefined();
  const own = AdressePostale.fromPartial({ ligne1: '12 RUE du  Four', codePostal: '69002', ville: 'LYON' });
  expect((await issue({ adresseLivraison: own })).adresseLivraison).toBeUndefined();
  const other = await issue({ adresseLivraison: { ...own, ligne1: '3 place Neuve' } });
  expect(other.adresseLivraison).toMatchObject({ ligne1: '3 place Neuve', pays: 'FR' });
});

test('an address for deliveries is not where invoices go', async () => {
  const organisationId = unique('org');
  const { id: clientId } = await clients.create({ organisationId, nom: 'Lefèvre' });
  await adresses.create({
    clientId,
    ligne1: '8 quai',
    codePostal: '69007',
    ville: 'Lyon',
    usage: 'LIVRAISON',
  });
  const invoice = await factures.create({ organisationId, clientId, montant: 100n });
  expect(invoice.destinataire).toMatchObject({ nom: 'Lefèvre', professionnel: false, adresse: undefined });
});

test('what is no period is refused, all faults at once', async () => {
  const faults = async (more: object) =>
    (await refusalOf(factures.create({ clientId: 'client-123', montant: 100n, ...more }))).violations.map(
      ({ field }) => field,
    );
  expect(await faults({ periodeDu: '2026-05-01' })).toEqual(['periodeAu']);
  expect(await faults({ periodeAu: '2026-05-01', datePrestation: '2026-05-02' })).toEqual([
    ...['datePrestation', 'periodeDu'],
  ]);
  expect(await faults({ periodeDu: '2026-05-02', periodeAu: '2026-05-01' })).toEqual(['periodeAu']);
  expect(await faults({ datePrestation: '2026-02-30' })).toEqual(['datePrestation']);
});

test('a logo is checked by its content, answered by its id, and goes when an empty one comes', async () => {
  const { societe } = await ground();
  expect(societe.logoId).toMatch(/^[0-9a-f]{64}$/);
  const logo = await societes.getLogo({ id: societe.logoId });
  expect(logo).toMatchObject({ typeMime: 'image/png', largeur: 60, hauteur: 20 });
  const { id } = societe;
  for (const wrong of [Buffer.from('<svg/>'), picture(1).subarray(0, 50), Buffer.alloc(262_145)])
    expect(await refusalOf(societes.update({ id, logo: wrong }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: 'logo' }],
    });
  expect((await societes.get({ id })).logoId).toBe(societe.logoId);
  expect((await societes.update({ id, raisonSociale: 'Autre' })).logoId).toBe(societe.logoId);
  expect((await societes.update({ id, logo: Buffer.alloc(0) })).logoId).toBe('');
  expect((await refusalOf(societes.getLogo({ id: '0'.repeat(64) }))).code).toBe('NOT_FOUND');
});
