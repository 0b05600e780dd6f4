import { everyPage } from '@crm/kit';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService, LigneFacture } from '@crm/proto/factures/factures';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const contrats = stack.client('contrats', ContratServiceService);
const factures = stack.client('factures', InvoiceServiceService);

afterAll(() => stack.close());

test('invoices that are too long for one page are on several', async () => {
  const organisationId = unique('org');
  const ligne = LigneFacture.fromPartial({ designation: '€'.repeat(300), prixUnitaireHt: 100n });
  const { id } = await factures.create({
    organisationId,
    clientId: unique('c'),
    lignes: Array<LigneFacture>(200).fill(ligne),
  });
  // copies by SQL: issuing each would render a PDF of hundreds of lines
  await stack.sql(
    `INSERT INTO factures.factures SELECT (jsonb_populate_record(f, jsonb_build_object(
       'id', f.id || '-' || lpad(n::text, 2, '0'), 'numero', f.numero || '-' || n))).*
     FROM factures.factures f, generate_series(1, 29) n WHERE f.id = $1`,
    id,
  );
  const pages: string[][] = [];
  for await (const { invoices } of everyPage((page) => factures.list({ organisationId, ...page })))
    pages.push(invoices.map((invoice) => invoice.id));
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flat()).toHaveLength(30);
  expect(new Set(pages.flat()).size).toBe(30);
}, 90_000);

test('thousands of references that callers chose do not make the next contract wait', async () => {
  const organisationId = unique('org');
  const contrat = { organisationId, clientId: unique('c'), produitId: 'prod-456' };
  const annee = todayInParis().year;
  const first = await contrats.create({ ...contrat, reference: `C-${annee}-0001` });
  // by SQL, because five thousand calls take a minute
  await stack.sql(
    `INSERT INTO contrats.contrats SELECT (jsonb_populate_record(c, jsonb_build_object(
       'id', c.id || '-' || n, 'reference', 'C-${annee}-' || lpad(n::text, greatest(4, length(n::text)), '0')))).*
     FROM contrats.contrats c, generate_series(2, 5000) n WHERE c.id = $1 AND n <> 4321`,
    first.id,
  );
  await contrats.create({ ...contrat, reference: `C-${annee}-99999999` });
  // the first free number, then what is free behind the others
  const references: string[] = [];
  for (let count = 0; count < 3; count++) references.push((await contrats.create(contrat)).reference);
  expect(references).toEqual([`C-${annee}-4321`, `C-${annee}-5001`, `C-${annee}-5002`]);
});
