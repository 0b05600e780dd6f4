import type { Db } from '@crm/db';
import { authorNames, newestSociete, todayInParis, type Users } from '@crm/domain';
import { everyPage, orUndefined, type Connected } from '@crm/kit';
import type { ClientBaseServiceService, Client } from '@crm/proto/clients/clients';
import { TypeEntite, type PieceJointe, type PieceJointeServiceService } from '@crm/proto/documents/documents';
import type { Email, EmailServiceService, Reponse } from '@crm/proto/email/email';
import type { CreditNote, Invoice, InvoiceServiceService, PdfChunk } from '@crm/proto/factures/factures';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';
import type { Payment, PaymentServiceService } from '@crm/proto/payments/payments';
import { HistoriqueRelance } from '@crm/proto/relance/relance';
import type { AuditLog, RetryAdminServiceService, RetryAttempt, RetrySchedule } from '@crm/proto/retry/retry';
import { status, type ServiceError } from '@grpc/grpc-js';

/** The services that a dossier is read from, with the caller's own token. */
export type DossierSources = {
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  documents: Pick<Connected<typeof PieceJointeServiceService>, 'listByEntite' | 'download'>;
  emails: Pick<Connected<typeof EmailServiceService>, 'getEmails' | 'getReplies' | 'downloadEml'>;
  factures: Pick<
    Connected<typeof InvoiceServiceService>,
    'get' | 'listCreditNotes' | 'downloadPdf' | 'downloadCreditNotePdf' | 'downloadMiseEnDemeurePdf'
  >;
  payments: Pick<Connected<typeof PaymentServiceService>, 'list'>;
  retries: Pick<Connected<typeof RetryAdminServiceService>, 'getSchedule' | 'listAttempts' | 'listAuditLogs'>;
  societes: Pick<Connected<typeof SocieteServiceService>, 'list'>;
  users: Users;
};

/** A payment of the invoice, with its retries if there were any. */
type PaymentOfDossier = {
  payment: Payment;
  schedule?: RetrySchedule;
  attempts: RetryAttempt[];
  commands: AuditLog[];
};

/**
 * A formal notice: a letter of the day on which the dossier was requested (YYYY-MM-DD in Paris). It is not
 * stored.
 */
type FormalNotice = { date: string; parts: PdfChunk[] };

/** The content of a dossier. Each list is in order of time. */
export type Dossier = {
  invoice: Invoice;
  /** Undefined: the client, or the issuer, is unknown. */
  client: Client | undefined;
  societe: Societe | undefined;
  creditNotes: CreditNote[];
  mails: Email[];
  /** The answers to these mails. */
  replies: Reponse[];
  /** Undefined: nothing is left to pay, it is not overdue, or nobody could send one. */
  formalNotice: FormalNotice | undefined;
  payments: PaymentOfDossier[];
  decisions: HistoriqueRelance[];
  pieces: PieceJointe[];
  /** The names of those who decided, by their `sub`. */
  authors: Map<string, string>;
};

/**
 * Reads the content of a dossier.
 * @throws {RpcError} NOT_FOUND: no such invoice; UNAVAILABLE: one of the services is away
 */
export async function readDossier(db: Db, sources: DossierSources, invoiceId: string): Promise<Dossier> {
  const { clients, documents, factures, societes } = sources;
  const invoice = await factures.get({ id: invoiceId });
  const { organisationId, clientId } = invoice;
  const [client, societe, creditNotes, payments, pieces, decisions] = await Promise.all([
    orUndefined(clients.get({ id: clientId })),
    newestSociete(societes, organisationId),
    all(
      (page) => factures.listCreditNotes({ ...page, invoiceId }),
      (page) => page.creditNotes,
    ),
    paymentsOf(sources, invoiceId),
    all(
      (page) => documents.listByEntite({ ...page, typeEntite: TypeEntite.FACTURE, entiteId: invoiceId }),
      (page) => page.piecesJointes,
    ),
    db.historiqueRelance.findMany({ where: { invoiceId }, orderBy: { id: 'asc' } }),
  ]);
  const told = decisions.map((row) => HistoriqueRelance.fromPartial(row as Partial<HistoriqueRelance>));
  const authors = [
    ...told.map(({ auteur }) => auteur),
    ...payments.flatMap(({ commands }) => commands.map(({ auteur }) => auteur)),
  ];
  const mails = await mailsOf(sources, invoice, creditNotes, payments);
  return {
    ...{ invoice, client, societe, creditNotes, payments, pieces, decisions: told },
    mails,
    replies: await repliesTo(sources, invoice, mails),
    formalNotice: await formalNoticeOf(sources, invoice),
    authors: await authorNames(sources.users, authors),
  };
}

/**
 * The mails about an invoice: those with its PDF or that of a credit note, those about several invoices of which it is
 * one, those whose `envoi` names it or one of its payments, and those whose subject has its number.
 */
async function mailsOf(
  { emails }: DossierSources,
  { id, organisationId, clientId, numero }: Invoice,
  creditNotes: CreditNote[],
  payments: PaymentOfDossier[],
): Promise<Email[]> {
  const ids = new Set([
    id,
    ...creditNotes.map((note) => note.id),
    ...payments.map(({ payment }) => payment.id),
  ]);
  const numbers = new Set([numero, ...creditNotes.map((note) => note.numero)]);
  const isAbout = ({ factureId, avoirId, envoi, factures, sujet }: Email): boolean =>
    [factureId, avoirId, ...factures, ...envoi.split('/')].some((part) => ids.has(part)) ||
    sujet.split(/[^\p{L}\p{N}-]+/u).some((word) => numbers.has(word));
  return await all(
    (page) => emails.getEmails({ ...page, organisationId, clientId }),
    (page) => page.emails.filter(isAbout),
  );
}

/** The answers of the invoice's client to these mails. */
async function repliesTo(
  { emails }: DossierSources,
  { organisationId, clientId }: Invoice,
  mails: Email[],
): Promise<Reponse[]> {
  const ids = new Set(mails.map(({ id }) => id));
  return await all(
    (page) => emails.getReplies({ ...page, organisationId, clientId }),
    (page) => page.reponses.filter(({ emailId }) => ids.has(emailId)),
  );
}

/** Read at once, because the index lists it only if factures makes it. It has a page or two. */
async function formalNoticeOf(
  { factures }: DossierSources,
  { id, dateEcheance, restantDu }: Invoice,
): Promise<FormalNotice | undefined> {
  const date = todayInParis();
  if (restantDu <= 0n || dateEcheance >= date) return undefined;
  const parts: PdfChunk[] = [];
  try {
    for await (const part of factures.downloadMiseEnDemeurePdf({ id })) parts.push(part);
  } catch (error) {
    // paid in the meantime, or nobody could send it
    if ((error as Partial<ServiceError>).code === status.FAILED_PRECONDITION) return undefined;
    throw error;
  }
  return { date, parts };
}

async function paymentsOf(
  { payments, retries }: DossierSources,
  invoiceId: string,
): Promise<PaymentOfDossier[]> {
  const found = await all(
    (page) => payments.list({ ...page, invoiceId }),
    (page) => page.payments,
  );
  const read: PaymentOfDossier[] = [];
  for (const payment of found) {
    const schedule = await orUndefined(retries.getSchedule({ id: payment.id }));
    if (!schedule) {
      read.push({ payment, attempts: [], commands: [] });
      continue;
    }
    const attempts = await all(
      (page) => retries.listAttempts({ ...page, paymentId: payment.id }),
      (page) => page.attempts,
    );
    const commands = await all(
      (page) => retries.listAuditLogs({ ...page, scheduleId: schedule.id }),
      (page) => page.logs,
    );
    read.push({ payment, schedule, attempts, commands });
  }
  return read;
}

/** All pages of a list. Lists are newest first, the result is oldest first. */
async function all<Page extends { nextPageToken: string }, T>(
  list: (page: { pageSize?: number; pageToken?: string }) => Promise<Page>,
  of: (page: Page) => T[],
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of everyPage(list)) found.push(...of(page));
  return found.reverse();
}
