import type { Db } from '@crm/db';
import { failedPrecondition, invalid, knownOf, type Call, type Connected, type Logger } from '@crm/kit';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import { EmitResponse, type EmitRequest } from '@crm/proto/payments/payments';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { BankDays } from '../bank-days.ts';
import type { Creditor } from './presented-creditors.ts';
import { duePayments, type Due } from './due-payments.ts';
import type { IbanCipher } from './iban-cipher.ts';
import { presentPayments, type Presentable } from './present-payments.ts';
import { UnwritableDebit } from './render-debits.ts';
import { organisationsWithSociete, type Societes } from './organisations-with-societe.ts';
import { renderFile, writePendingFiles, type Outbox } from './write-debits.ts';

/** What a file for the bank is made with. */
export type Emission = {
  db: Db;
  config: { BANK_DIR: string };
  /** The environment's. */
  creditor: Creditor;
  cipher: IbanCipher;
  log: Logger;
  days: Pick<BankDays, 'checkDebitDate'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'list'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  societes: Societes;
};

/** Days from today to the collection at most: a year that was mistyped marks payments of years as presented. */
const AHEAD_DAYS = 45;

/**
 * Presents the planned payments of a collection date to the bank: marks them and renders the file in one transaction,
 * so that what cannot be rendered is not presented, then writes it. The content, which has IBANs in it, is kept
 * nowhere but in the bank's folder.
 * @throws INVALID_ARGUMENT `dateCollecte` where T2 is closed or later than in 45 days; FAILED_PRECONDITION CREANCIER
 * naming organisations that nobody collects for, PRELEVEMENT naming a debit that no file can hold; UNAVAILABLE where
 * the file could not be written: it is presented all the same, and the next call writes it
 */
export function emitDebits({ db, config, log, days, ...deps }: Emission) {
  const outbox: Outbox = { ...deps, db, log, folder: join(config.BANK_DIR, 'outbox') };
  return async (due: EmitRequest, call: Call): Promise<EmitResponse> => {
    checkNotTooFar(due.dateCollecte);
    await days.checkDebitDate(due.dateCollecte, 'dateCollecte');
    const presentable = await presentablePayments(due, { db, ...deps });
    let contenu: Buffer | undefined;
    const presented = await call.once(async (tx) => {
      const file = EmitResponse.fromPartial(await presentPayments(tx, due, presentable, outbox));
      if (file.nomFichier) contenu = await renderFile(outbox, tx, file.nomFichier).catch(explain);
      return file;
    });
    const { nomFichier } = presented;
    if (!nomFichier) {
      // nothing is due now: what an earlier call presented may still be missing in the folder
      await writePendingFiles(outbox);
      return presented;
    }
    contenu ??= await renderFile(outbox, db, nomFichier);
    await writePendingFiles(outbox, { nomFichier, contenu });
    return { ...presented, contenu };
  };
}

/**
 * What is due and others have nothing against; asked before the transaction, which takes no other payments. A contract
 * that nobody knows was not terminated, an invoice that nobody knows sets no limit.
 */
async function presentablePayments(
  due: Due,
  { db, contrats, factures, societes }: Pick<Emission, 'db' | 'contrats' | 'factures' | 'societes'>,
): Promise<Presentable> {
  const payments = await duePayments(db, due);
  const [contracts, invoices, withSociete] = await Promise.all([
    knownOf(
      payments.map(({ contratId }) => contratId),
      async (page) => (await contrats.list(page)).contrats,
    ),
    knownOf(
      payments.map(({ invoiceId }) => invoiceId),
      async (page) => (await factures.list(page)).invoices,
    ),
    organisationsWithSociete(
      db,
      societes,
      payments.map(({ organisationId }) => organisationId),
    ),
  ]);
  const open = payments.filter(({ contratId }) => contracts.get(contratId)?.statut !== StatutContrat.RESILIE);
  return { ids: open.map(({ id }) => id), contracts, invoices, withSociete };
}

function explain(error: Error): never {
  throw error instanceof UnwritableDebit ? failedPrecondition('PRELEVEMENT', error.message) : error;
}

function checkNotTooFar(date: string): void {
  const latest = Temporal.Now.plainDateISO('Europe/Paris').add({ days: AHEAD_DAYS }).toString();
  if (date > latest) {
    throw invalid('dateCollecte', `must not be later than in ${AHEAD_DAYS} days, ${latest}`);
  }
}
