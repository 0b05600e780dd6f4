import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { RechercheServiceService } from '@crm/proto/clients/recherche';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const { rechercher } = stack.client('clients', RechercheServiceService);
const invoices = stack.client('factures', InvoiceServiceService);

jest.setTimeout(120_000);
afterAll(() => stack.close());

/** What is found, in short: `CLIENT Cœur & Fils`. */
async function found(organisationId: string, texte: string): Promise<string[]> {
  const { groupes } = await rechercher({ organisationId, texte });
  return groupes.flatMap(({ genre, trouves }) =>
    trouves.map(({ numero, clientNom }) => `${genre.replace('TROUVE_', '')} ${numero} ${clientNom}`.trim()),
  );
}

const NUMBER_OF_COMPANY = '732829320';

test('one search finds clients and what is theirs by any of their names and numbers, as people write them', async () => {
  const organisationId = unique('org');
  const client = await stack.client('clients', ClientBaseServiceService).create({
    ...{ organisationId, raisonSociale: 'Établissements Cœur & Fils', prenom: 'Léa', nom: 'd’Almeida' },
    ...{ email: 'lea.dalmeida@coeur.example', siren: NUMBER_OF_COMPANY, numeroTva: 'FR44732829320' },
    ...{ referenceClient: 'K-0042', telephone: '+33 3 20 11 22 33' },
  });
  const clientId = client.id;
  const invoice = await invoices.create({ organisationId, clientId, montant: 124_050n });
  for (let count = 0; count < 10; count += 1)
    await invoices.create({ organisationId, clientId, montant: 100n });
  const { id } = await invoices.create({ organisationId, clientId, montant: 555_00n });
  const credit = await invoices.createCreditNote({
    invoiceId: id,
    montant: 77_77n,
    motif: 'Geste commercial',
  });
  const contrat = await stack.client('contrats', ContratServiceService).create({
    ...{ organisationId, clientId, produitId: 'prod-456', reference: 'CTR-Nord-17', montantTotal: 999_99n },
    brouillon: true, // without a debit for its instalment,
  });
  const mandate = await stack.client('payments', MandateServiceService).create({
    ...{ organisationId, clientId, rum: 'RUM-ETE-2026-7', iban: 'FR1420041010050500013M02606' },
    ...{ titulaire: 'Zoé Müller', dateSignature: '2026-01-05' },
  });
  await stack.client('payments', PaymentServiceService).create({
    ...{ organisationId, clientId, mandatId: mandate.id, invoiceId: invoice.id, montant: 124_050n },
    ...{ datePrevue: todayInParis().add({ days: 40 }).toString(), accepteDepassement: true },
  });

  const name = 'Établissements Cœur & Fils';
  const [isClient, isInvoice] = [`CLIENT K-0042 ${name}`, `FACTURE ${invoice.numero} ${name}`];
  const isDebit = `PRELEVEMENT  ${name}`;
  const cases: [texte: string, expected: string[]][] = [
    ['etablissements coeur', [isClient]],
    ['FILS cœur', [isClient]],
    ['tablissem', [isClient]],
    ['COEURFILS', [isClient]],
    ['Léa D’Almeida', [isClient]],
    ["d'almeida lea", [isClient]],
    ['lea.dalmeida@coeur.example', [isClient]],
    ['732 829 320', [isClient]],
    ['FR44 732829320', [isClient]],
    ['fr44732829320', [isClient]],
    ['k0042', [isClient]],
    ['20 11 22 33', [isClient]],
    // number 1 first, though 10, 11 and 12 contain it and are newer
    [invoice.numero.toLowerCase(), [isInvoice]],
    [credit.numero, [`AVOIR ${credit.numero} ${name}`]],
    ['ctr nord', [`CONTRAT ${contrat.reference} ${name}`]],
    ['rumete20267', [`MANDAT ${mandate.rum} ${name}`]],
    ['zoe muller', [`MANDAT ${mandate.rum} ${name}`]],
    ['1240,50', [isInvoice, isDebit]],
    ['1 240,50 €', [isInvoice, isDebit]],
    ['1240.5', [isInvoice, isDebit]],
    ['77,77', [`AVOIR ${credit.numero} ${name}`]],
    ['999,99', [`CONTRAT ${contrat.reference} ${name}`]],
    // nothing of an account, no wildcards, no SQL, nothing of only signs
    ['FR1420041010050500013M02606', []],
    ['013M02606', []],
    ['%', []],
    ['c_ur', []],
    ["' OR 1=1 --", []],
    ['& !', []],
    ['fr', []],
  ];
  const answers = await Promise.all(
    cases.map(async ([texte]) => [texte, await found(organisationId, texte)] as const),
  );
  expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(cases));

  // every number that contains it, the best first and no more than asked for
  const { groupes } = await rechercher({ organisationId, texte: 'F-2026-000', parGenre: 3 });
  expect(groupes).toMatchObject([{ genre: 'TROUVE_FACTURE', encore: true }]);
  expect(groupes[0]!.trouves).toHaveLength(3);
  expect(await found(unique('org'), 'etablissements coeur')).toEqual([]);
  const [first] = (await rechercher({ texte: invoice.numero, organisationId })).groupes;
  expect(first!.trouves[0]).toMatchObject({
    ...{
      id: invoice.id,
      clientId,
      clientNom: name,
      statut: 'EMISE',
      montant: 124_050n,
      invoiceId: invoice.id,
    },
    ...{ date: invoice.dateFacture, organisationId, organisationNom: '' },
  });
});
