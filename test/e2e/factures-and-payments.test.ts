import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService, type Invoice, type ListInvoicesRequest } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const factures = stack.client('factures', InvoiceServiceService);
const payments = stack.client('payments', PaymentServiceService);
const clients = stack.client('clients', ClientBaseServiceService);

afterAll(() => stack.close());

const issue = (organisationId = unique('org'), more: object = {}): Promise<Invoice> =>
  factures.create({ organisationId, clientId: 'client-123', montant: 12_000n, ...more });

/** Pays a part of an invoice through payments. */
async function pay(
  { id: invoiceId, organisationId, clientId }: Invoice,
  montant: bigint,
  accepteDepassement = false,
): Promise<string> {
  const paid = { organisationId, clientId, invoiceId, montant, accepteDepassement };
  const { id } = await payments.create(paid);
  await payments.confirm({ id });
  return id;
}

const balance = async ({ id }: Invoice) => {
  const { montantAvoirs, montantRecu, restantDu, statut } = await factures.get({ id });
  return { montantAvoirs, montantRecu, restantDu, statut };
};

describe('what remains', () => {
  test('is the total without credit notes and confirmed payments', async () => {
    const invoice = await issue();
    expect(await factures.get({ id: invoice.id })).toEqual(invoice);
    await pay(invoice, 5_000n);
    expect(await balance(invoice)).toMatchObject({ montantRecu: 5_000n, restantDu: 7_000n, statut: 'EMISE' });
    await factures.createCreditNote({ invoiceId: invoice.id, montant: 2_000n, motif: 'Geste' });
    expect(await balance(invoice)).toEqual({
      montantAvoirs: 2_000n,
      montantRecu: 5_000n,
      restantDu: 5_000n,
      statut: 'EMISE',
    });
    const last = await pay(invoice, 5_000n);
    expect(await balance(invoice)).toMatchObject({ restantDu: 0n, statut: 'PAYEE' });
    await payments.reject({ id: last, motifRejet: 'MD06', retourBancaire: true });
    expect(await balance(invoice)).toMatchObject({ restantDu: 5_000n, statut: 'EMISE' });
  }, 30_000);

  test('is never negative', async () => {
    const invoice = await issue();
    await pay(invoice, 20_000n, true);
    expect(await balance(invoice)).toMatchObject({ montantRecu: 20_000n, restantDu: 0n, statut: 'PAYEE' });
    await factures.createCreditNote({ invoiceId: invoice.id, motif: 'Tout' });
    expect(await balance(invoice)).toMatchObject({ restantDu: 0n, statut: 'ANNULEE' });
  }, 30_000);

  test('is nothing of what was marked as paid', async () => {
    const invoice = await issue(undefined, { dateFacture: '2026-03-02' });
    const tomorrow = new Date(Date.now() + 48 * 3600 * 1000).toISOString().slice(0, 10);
    for (const datePaiement of ['2026-03-01', tomorrow]) {
      const { code, violations } = await refusalOf(factures.markAsPaid({ id: invoice.id, datePaiement }));
      expect([code, violations[0]?.field]).toEqual(['INVALID_ARGUMENT', 'datePaiement']);
    }
    await pay(invoice, 1_000n);
    const marked = await factures.markAsPaid({ id: invoice.id, datePaiement: '2026-03-02', motif: 'Chèque' });
    expect(marked).toMatchObject({
      restantDu: 0n,
      montantRecu: 1_000n,
      statut: 'PAYEE',
      datePaiement: '2026-03-02',
    });
    expect(await factures.markAsPaid({ id: invoice.id, datePaiement: '2026-03-09' })).toEqual(marked);
    expect(await factures.get({ id: invoice.id })).toEqual(marked);
  }, 30_000);

  test('is nothing of what is credited in full, which cannot be marked as paid', async () => {
    const invoice = await issue();
    await factures.createCreditNote({ invoiceId: invoice.id, motif: 'Erreur' });
    expect(await balance(invoice)).toEqual({
      montantAvoirs: 12_000n,
      montantRecu: 0n,
      restantDu: 0n,
      statut: 'ANNULEE',
    });
    const refusal = await refusalOf(factures.markAsPaid({ id: invoice.id }));
    expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'FACTURE_ANNULEE' });
  });

  test('an invoice settled by payments is not marked: its payment can be returned', async () => {
    const invoice = await issue();
    const payment = await pay(invoice, 12_000n);
    expect(await factures.markAsPaid({ id: invoice.id })).toMatchObject({
      statut: 'PAYEE',
      datePaiement: '',
    });
    await payments.reject({ id: payment, motifRejet: 'MD06', retourBancaire: true });
    expect(await balance(invoice)).toMatchObject({ restantDu: 12_000n, statut: 'EMISE' });
  }, 30_000);
});

test('Update changes the due date and the subject, while something remains', async () => {
  const before = await issue(undefined, { dateFacture: '2026-03-02' });
  const after = await factures.update({ id: before.id, dateEcheance: '2026-05-01', objet: 'Été' });
  expect(after).toEqual({
    ...before,
    dateEcheance: '2026-05-01',
    objet: 'Été',
    updatedAt: after.updatedAt,
  });
  const { dateEcheance } = await factures.update({ id: before.id, objet: 'Hiver' });
  expect(dateEcheance).toBe('2026-05-01');
  const early = await refusalOf(factures.update({ id: before.id, dateEcheance: '2026-03-01' }));
  expect(early).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'dateEcheance' }] });
  await pay(before, 12_000n);
  const settled = await refusalOf(factures.update({ id: before.id, objet: 'Trop tard' }));
  expect(settled).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'FACTURE_SOLDEE' });
  expect((await factures.get({ id: before.id })).objet).toBe('Hiver');
}, 30_000);

describe('List', () => {
  test('filters by where invoices stand, and pages on over those that do not fit', async () => {
    const organisationId = unique('org');
    const invoices: Invoice[] = [];
    for (let n = 0; n < 9; n += 1) {
      const dates = { dateFacture: '2026-03-02', dateEcheance: n < 6 ? '2026-03-31' : '2026-04-30' };
      invoices.push(await issue(organisationId, dates));
    }
    await pay(invoices[0]!, 12_000n);
    await pay(invoices[1]!, 1n);
    await factures.markAsPaid({ id: invoices[2]!.id });
    await factures.createCreditNote({ invoiceId: invoices[3]!.id, motif: 'Erreur' });
    await pay(invoices[7]!, 12_000n);
    const numbersOf = async (request: Partial<ListInvoicesRequest>, pageSize = 0) => {
      const found: number[] = [];
      for (let pageToken = '', first = true; first || pageToken; first = false) {
        const page = await factures.list({ organisationId, pageSize, pageToken, ...request });
        if (pageSize) expect(page.invoices.length).toBeLessThanOrEqual(pageSize);
        // in a list this short every page but the last is full
        if (pageSize && page.nextPageToken) expect(page.invoices).toHaveLength(pageSize);
        for (const { id } of page.invoices) found.push(invoices.findIndex((invoice) => invoice.id === id));
        pageToken = page.nextPageToken;
      }
      return found;
    };
    for (const pageSize of [0, 1, 2, 3, 200]) {
      expect(await numbersOf({}, pageSize)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
      expect(await numbersOf({ statut: 'EMISE' }, pageSize)).toEqual([8, 6, 5, 4, 1]);
      expect(await numbersOf({ statut: 'PAYEE' }, pageSize)).toEqual([7, 2, 0]);
      expect(await numbersOf({ statut: 'ANNULEE' }, pageSize)).toEqual([3]);
      expect(await numbersOf({ echuesAvant: '2026-04-01' }, pageSize)).toEqual([5, 4, 1]);
      expect(await numbersOf({ echuesAvant: '2026-03-31' }, pageSize)).toEqual([]);
    }
    expect(await numbersOf({ echuesAvant: '2026-04-01', statut: 'PAYEE' })).toEqual([]);
    expect(await numbersOf({ clientId: 'another' })).toEqual([]);
    const { invoices: all } = await factures.list({ organisationId });
    expect(all.find(({ id }) => id === invoices[1]!.id)).toMatchObject({
      montantRecu: 1n,
      restantDu: 11_999n,
    });
  }, 120_000);

  test('refuses a token that is none', async () => {
    const refusal = await refusalOf(factures.list({ pageToken: 'e30' }));
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'pageToken' }] });
  });
});

test('DownloadPdf streams the invoice, for a client that is known and for one that is not', async () => {
  const { id: clientId } = await clients.create({ nom: 'Lefèvre', type: 'PROFESSIONNEL' });
  for (const client of [clientId, 'client-123']) {
    const { id } = await issue(undefined, { clientId: client });
    const chunks: Uint8Array[] = [];
    for await (const { contenu } of factures.downloadPdf({ id })) {
      expect(contenu.length).toBeLessThanOrEqual(64 * 1024);
      chunks.push(contenu);
    }
    const pdf = Buffer.concat(chunks);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.subarray(-6).toString()).toContain('%%EOF');
  }
}, 30_000);
