import type { Db } from '@crm/db';
import { penaltyRateInWords, todayInParis } from '@crm/domain';
import { failedPrecondition, invalid, notFound, orUndefined, type Call, type Connected } from '@crm/kit';
import { renderPdf, type PdfDefinition } from '@crm/kit/pdf';
import {
  TotalTva,
  type CreditNote,
  type DownloadCreditNotePdfRequest,
  type DownloadMiseEnDemeurePdfRequest,
  type DownloadPdfRequest,
  type Invoice,
  type PdfChunk,
} from '@crm/proto/factures/factures';
import type { PaymentServiceService } from '@crm/proto/payments/payments';
import { Temporal } from 'temporal-polyfill';
import type { AmountsReceived } from './amounts-received.ts';
import { creditNotePdf } from './credit-note-pdf.ts';
import { formalNoticePdf, type FormalNotice } from './formal-notice-pdf.ts';
import { invoicePdf } from './invoice-pdf.ts';
import type { Sides } from './letter.ts';
import { askParties, type Directory, type Parties } from './parties.ts';
import { splitVat } from './split-vat.ts';
import { readRow, toInvoice } from './to-invoice.ts';

/** The most bytes of one message of the stream. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Streams an invoice as it was issued, without later payments and credit notes. Its due date and subject may
 * have changed since, and the payment instructions are today's. An unknown client or société is left out; one
 * that cannot be asked about now is an error.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE: clients or organisations is away
 */
export const downloadPdf = (db: Db, config: { TAUX_PENALITES?: number | undefined }, directory: Directory) =>
  async function* ({ id }: DownloadPdfRequest, { signal }: Call): AsyncIterable<PdfChunk> {
    const invoice = toInvoice(await readRow(db, id), 0n);
    const sides = await sidesOf(directory, invoice);
    const penalites = penaltyRateInWords(config.TAUX_PENALITES);
    yield* inChunks(invoicePdf({ ...sides, invoice, penalites }), signal);
  };

/**
 * Streams a credit note with the number and date of the invoice that it corrects.
 * @throws {RpcError} as `downloadPdf`
 */
export const downloadCreditNotePdf = (
  db: Db,
  { toMessage }: { toMessage(row: Record<string, unknown>): CreditNote },
  directory: Directory,
) =>
  async function* ({ id }: DownloadCreditNotePdfRequest, { signal }: Call): AsyncIterable<PdfChunk> {
    const row = await db.avoir.findUnique({ where: { id } });
    if (!row) throw notFound('avoir', id);
    const invoice = await readRow(db, row.invoiceId);
    const creditNote = toMessage(row);
    // from before its VAT was recorded
    if (creditNote.tva.length === 0)
      Object.assign(creditNote, await vatOf(db, row, invoice.tva as unknown[]));
    const sides = await sidesOf(directory, creditNote);
    yield* inChunks(creditNotePdf({ ...sides, creditNote, invoice: toInvoice(invoice, 0n) }), signal);
  };

/** The time to pay, from today: about a week for the post, and two weeks to pay. */
const TO_PAY = { days: 21 };

/**
 * Streams the formal notice of an invoice, a letter of today.
 * @throws {RpcError} as `downloadPdf`; INVALID_ARGUMENT: `dateLimite`; FAILED_PRECONDITION MISE_EN_DEMEURE:
 * nothing is
 *   overdue, SOCIETE: no issuer; UNAVAILABLE: payments is away
 */
export const downloadMiseEnDemeurePdf = (
  db: Db,
  config: { TAUX_PENALITES?: number | undefined },
  directory: Directory,
  received: AmountsReceived,
  payments: Pick<Connected<typeof PaymentServiceService>, 'getCouvertures'>,
) =>
  async function* (request: DownloadMiseEnDemeurePdfRequest, { signal }: Call): AsyncIterable<PdfChunk> {
    const { id } = request;
    const aujourdhui = todayInParis();
    const dateLimite = request.dateLimite || Temporal.PlainDate.from(aujourdhui).add(TO_PAY).toString();
    if (dateLimite <= aujourdhui) throw invalid('dateLimite', 'must be after today');
    const row = await readRow(db, id);
    const invoice = toInvoice(row, (await received([id]))(id));
    const { numero, restantDu, dateEcheance } = invoice;
    if (restantDu <= 0n)
      throw failedPrecondition('MISE_EN_DEMEURE', `nothing remains to be paid of invoice ${numero}`);
    if (dateEcheance >= aujourdhui)
      throw failedPrecondition('MISE_EN_DEMEURE', `invoice ${numero} is due on ${dateEcheance}: not overdue`);
    const { contact = '', ...sides } = await sidesOf(directory, invoice);
    if (!sides.emetteur) {
      throw failedPrecondition(
        'SOCIETE',
        `${invoice.organisationId} has no société that could send it: create one first (organisations.SocieteService/Create)`,
      );
    }
    const penalites = penaltyRateInWords(config.TAUX_PENALITES);
    const told = { ...sides, invoice, aujourdhui, dateLimite, contact, penalites };
    yield* inChunks(formalNoticePdf({ ...told, ...(await partDebited(payments, invoice)) }), signal);
  };

/** What debits take of a part of an invoice. Of all of it: nothing, because a person asked for the letter all the same. */
async function partDebited(
  payments: Pick<Connected<typeof PaymentServiceService>, 'getCouvertures'>,
  { id, restantDu }: Invoice,
): Promise<Pick<FormalNotice, 'montantPreleve' | 'preleveLe'>> {
  const [cover] = (await payments.getCouvertures({ invoiceIds: [id] })).couvertures;
  if (!cover || cover.montant >= restantDu) return { montantPreleve: 0n, preleveLe: '' };
  return { montantPreleve: cover.montant, preleveLe: cover.preleveLe };
}

async function vatOf(
  db: Db,
  { id, invoiceId, montant }: { id: string; invoiceId: string; montant: bigint },
  invoiced: unknown[],
) {
  const earlier = await db.avoir.findMany({ where: { invoiceId, id: { lt: id } }, orderBy: { id: 'asc' } });
  return splitVat(
    invoiced.map((total) => TotalTva.fromJSON(total)),
    earlier.map((note) => note.montant),
    montant,
  );
}

/**
 * The parties on the issue date; if they were unknown then, or not stored yet, as they are now. Payment
 * instructions are always today's: an account may have been closed since.
 */
async function sidesOf(
  directory: Directory,
  document: Parties & { clientId: string; organisationId: string },
): Promise<Sides & { contact?: string | undefined }> {
  const kept = document.emetteur && document.destinataire;
  const now = kept ? {} : await askParties(directory, document);
  const emetteur = document.emetteur ?? now.emetteur;
  const destinataire = document.destinataire ?? now.destinataire;
  if (!emetteur) return { destinataire };
  const { societes } = directory;
  const [societe, logo] = await Promise.all([
    orUndefined(societes.get({ id: emetteur.societeId })),
    emetteur.logoId ? orUndefined(societes.getLogo({ id: emetteur.logoId })) : undefined,
  ]);
  return { emetteur, destinataire, logo, paiement: societe?.paiement, contact: societe?.contact };
}

async function* inChunks(definition: PdfDefinition, signal: AbortSignal): AsyncIterable<PdfChunk> {
  const pdf = await renderPdf(definition, signal);
  for (let from = 0; from < pdf.length; from += CHUNK_BYTES) {
    yield { contenu: pdf.subarray(from, from + CHUNK_BYTES) };
  }
}
