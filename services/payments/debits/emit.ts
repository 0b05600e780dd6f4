import { addDays, formatEuros, type Societes, todayInParis } from '@crm/domain';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { failedPrecondition, invalid, knownOf, type Call, type Connected, type Logger } from '@crm/kit';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  EmitResponse,
  MotifEcart,
  type EmitRequest,
  type PaiementEcarte,
} from '@crm/proto/payments/payments';
import type { BankDays } from '../bank-days.ts';
import { duePayments, type DuePayment } from './due-payments.ts';
import type { SecretCipher } from '@crm/kit/secrets';
import { leftToDebit } from './invoice-amounts.ts';
import { fromStored, summarize } from './left-out.ts';
import {
  BATCH,
  closeAbandoned,
  invoicesOf,
  asPresented,
  lastFile,
  openFile,
  presentPayments,
  type Run,
} from './present-payments.ts';
import { checkComplete, creditorsOf, type Creditor } from '../creditors/presented-creditors.ts';
import { organisationsWithSociete } from '../creditors/organisations-with-societe.ts';
import { UnwritableDebit } from './render-debits.ts';
import { fingerprint, foresee, simulate, sortOutBatch } from './simulate.ts';
import { blocsOfFile } from './blocs.ts';
import { measured, renderFile, writePendingFiles, type Outbox } from './write-debits.ts';

/** What Emit needs. */
export type Emission = {
  db: Db;
  config: { BANK_DIR: string };
  /** The platform's creditor. */
  creditor: Creditor;
  cipher: SecretCipher;
  log: Logger;
  days: Pick<BankDays, 'checkDebitDate'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'list'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  societes: Societes;
};

/** The most days from today to the collection date: a mistyped year would present payments of years. */
const AHEAD_DAYS = 45;

/**
 * Presents the planned payments of a collection date: marks them in batches, then renders and writes the
 * file. Payments that are due and not presented are listed. The file contains IBANs, so it is stored only in
 * the bank's folder.
 * @throws INVALID_ARGUMENT `dateCollecte` if T2 is closed or it is more than 45 days ahead;
 *   FAILED_PRECONDITION CREANCIER naming organisations without a creditor, with nothing presented; UNAVAILABLE
 *   if the file cannot be written: the payments are presented, and the next call writes the file
 */
export function emitDebits({ db, config, log, days, ...deps }: Emission) {
  const outbox: Outbox = { ...deps, db, log, folder: join(config.BANK_DIR, 'outbox') };
  return async (request: EmitRequest, call: Call): Promise<EmitResponse> => {
    checkNotTooFar(request.dateCollecte);
    await days.checkDebitDate(request.dateCollecte, 'dateCollecte');
    const due = { dateCollecte: request.dateCollecte, organisationId: request.organisationId };
    const payments = await duePayments(db, due);
    const run = await readRun(request, call, payments, { ...deps, db });
    if (request.dryRun) return await simulate(db, run, payments);
    await checkCreditors(db, run, payments);
    const seen = await asSeen(db, run, payments, request, call);
    await closeAbandoned(db);
    const { presented, leftOut } = await present(db, run, seen, call);
    const { nomFichier } = presented;
    if (!nomFichier) {
      // Nothing is due, but the file of an earlier call may still be missing in the folder.
      await writePendingFiles(outbox);
      return EmitResponse.fromPartial({ ...presented, ...leftOut });
    }
    const written = await writePendingFiles(outbox, nomFichier);
    const { taille, contenu, sha256 } =
      written ?? (await measured(renderFile(outbox, nomFichier)).catch(explain));
    return EmitResponse.fromPartial({
      ...{ ...presented, ...leftOut, taille: BigInt(taille), sha256, ...(contenu && { contenu }) },
      blocs: await blocsOfFile(db, nomFichier, deps.creditor),
    });
  };
}

/** Reads what other services know about the due payments. It must run before any transaction. */
async function readRun(
  { dateCollecte, organisationId, sansPreavis: dispense }: EmitRequest,
  call: Call,
  payments: DuePayment[],
  { db, contrats, factures, societes, ...deps }: Omit<Emission, 'config' | 'log' | 'days'>,
): Promise<Run> {
  const organisationIds = [...new Set(payments.map((payment) => payment.organisationId))];
  const [contracts, invoices, withSociete] = await Promise.all([
    knownOf(
      payments.map(({ contratId }) => contratId),
      (page) => contrats.list(page),
      (page) => page.contrats,
    ),
    knownOf(
      payments.map(({ invoiceId }) => invoiceId),
      (page) => factures.list(page),
      (page) => page.invoices,
    ),
    organisationsWithSociete(db, societes, organisationIds),
  ]);
  const creditors = await creditorsOf(db, organisationIds, deps, withSociete);
  return {
    due: { dateCollecte, organisationId },
    creditors,
    collection: {
      ...{ dateCollecte, auteur: call.caller.sub, dispense, contracts, invoices },
      ...{ creditors: creditors.byOrganisation, cipher: deps.cipher },
    },
  };
}

/**
 * Presents what is due in one file, once for each idempotency key. The key stands for the file, so a repeat
 * continues it where the first call died. If nothing is left, the last file of that date is returned, if
 * there is one.
 */
async function present(db: Db, run: Run, { ids, leftOut: before }: Seen, call: Call) {
  let first = false;
  const { nomFichier: opened } = await call.once(async (tx) => {
    first = true;
    return EmitResponse.fromPartial({ nomFichier: ids.length > 0 ? await openFile(tx, run) : '' });
  });
  const known = await db.bankFile.findUnique({ where: { nomFichier: opened } });
  if (opened && (first || known?.ouvert)) {
    const { nomFichier, leftOut } = await presentPayments(db, run, ids, opened, before);
    const file = await db.bankFile.findUnique({ where: { nomFichier } });
    return { presented: file ? asPresented(file) : await lastFile(db, run.due), leftOut: summarize(leftOut) };
  }
  if (known) return { presented: asPresented(known), leftOut: fromStored(known.ecartes) };
  return { presented: await lastFile(db, run.due), leftOut: summarize(before) };
}

/** The payments that a call may present, and those that it has left out already. */
type Seen = { ids: string[]; leftOut: PaiementEcarte[] };

/**
 * What may be presented: everything that is due; or, if a person has seen a dry run, exactly what that showed. A repeat
 * goes on with what its first call began, and is not compared.
 * @throws FAILED_PRECONDITION EMISSION_CHANGEE
 */
async function asSeen(
  db: Db,
  run: Run,
  payments: DuePayment[],
  { empreinte }: EmitRequest,
  call: Call,
): Promise<Seen> {
  if (!empreinte || (await call.isRepeat())) return { ids: payments.map(({ id }) => id), leftOut: [] };
  const { taken, leftOut } = await foresee(db, run, payments);
  if (fingerprint(taken) === empreinte) return { ids: taken.map(({ id }) => id), leftOut };
  const total = taken.reduce((sum, { montant }) => sum + montant, 0n);
  throw failedPrecondition(
    'EMISSION_CHANGEE',
    `empreinte: something has changed since: ${taken.length} debits of ${formatEuros(total)} would be presented now`,
  );
}

/**
 * @throws FAILED_PRECONDITION CREANCIER: a debit that is silently left out would be noticed too late, so
 *   nothing is presented
 */
async function checkCreditors(db: Db, run: Run, payments: DuePayment[]): Promise<void> {
  const { creditors, collection } = run;
  const without = payments.filter(({ organisationId }) => !creditors.byOrganisation.has(organisationId));
  const wanted = new Set<string>();
  for (let at = 0; at < without.length; at += BATCH) {
    const batch = without.slice(at, at + BATCH);
    const left = await leftToDebit(db, invoicesOf(batch, collection));
    const { leftOut } = await sortOutBatch(db, run, batch, left);
    for (const { motif, organisationId } of leftOut) {
      if (motif === MotifEcart.CREANCIER) wanted.add(organisationId);
    }
  }
  checkComplete(creditors, [...wanted]);
}

function explain(error: Error): never {
  throw error instanceof UnwritableDebit ? failedPrecondition('PRELEVEMENT', error.message) : error;
}

function checkNotTooFar(date: string): void {
  const latest = addDays(todayInParis(), AHEAD_DAYS);
  if (date > latest) {
    throw invalid('dateCollecte', `must not be later than in ${AHEAD_DAYS} days, ${latest}`);
  }
}
