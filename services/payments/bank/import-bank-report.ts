import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { invalid, RpcError, type Call } from '@crm/kit';
import type { ImportBankReportRequest, ImportBankReportResponse } from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';
import { v7 } from 'uuid';
import { confirmPayment } from '../confirm-payment.ts';
import { rejectPayment } from '../reject-payment.ts';
import { fileIdOf } from './message-id.ts';
import { readReport, UnreadableReport, type ReportedStatus } from './read-report.ts';

/** What a person is told who must decide: the bank gives no reason (ISO 20022: reason not specified). */
const NO_REASON = 'MS03';

type Counts = { confirmes: number; rejetes: number; inconnus: number };

/**
 * Takes a bank's report. The file is read whole before anything is changed; then each transaction is applied by
 * itself, and does nothing where it was applied before: a call that died is made good by sending the file once more.
 * @throws INVALID_ARGUMENT naming the line, for a file that cannot be read; it is kept aside
 */
export function importBankReport(db: Db, config: { BANK_DIR: string }) {
  return async (
    { nomFichier, contenu }: ImportBankReportRequest,
    call: Call,
  ): Promise<ImportBankReportResponse> => {
    const reported = await read(contenu, nomFichier, config.BANK_DIR);
    const sha256 = createHash('sha256').update(contenu).digest('hex');
    const report = await db.bankReport.upsert({
      where: { sha256 },
      create: { id: v7(), nomFichier, sha256, auteur: call.caller.sub },
      update: {},
    });
    const answer = { rapportId: report.id, dejaImporte: report.importeAt !== null };
    if (report.importeAt) {
      const { confirmes, rejetes, inconnus } = report;
      return { ...answer, confirmes, rejetes, inconnus };
    }
    const counts: Counts = { confirmes: 0, rejetes: 0, inconnus: 0 };
    const seen = new Set<string>();
    for (const one of reported) {
      for (const transaction of await attemptsOf(db, one)) {
        // a block may be rejected whole and its file too: each attempt counts once
        if (one.of !== 'attempt' && seen.has(transaction.id)) continue;
        seen.add(transaction.id);
        counts[await apply(db, transaction)] += 1;
      }
    }
    await db.bankReport.update({ where: { sha256 }, data: { ...counts, importeAt: new Date() } });
    return { ...answer, ...counts };
  };
}

/** Reads a report, or keeps it aside: a name without a path, under what its bytes are. */
async function read(contenu: Uint8Array, nomFichier: string, folder: string): Promise<ReportedStatus[]> {
  try {
    return readReport(contenu);
  } catch (error) {
    if (!(error instanceof UnreadableReport)) throw error;
    const aside = join(folder, 'unreadable');
    await mkdir(aside, { recursive: true });
    const name = nomFichier.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
    const sha256 = createHash('sha256').update(contenu).digest('hex').slice(0, 16);
    await writeFile(join(aside, `${sha256}-${name}`), contenu, { mode: 0o600 });
    throw invalid('contenu', error.message);
  }
}

/** What is said of a block or a file is said of each attempt in it; of one that is not ours, of something unknown. */
async function attemptsOf(db: Db, reported: ReportedStatus): Promise<ReportedStatus[]> {
  const { id, of } = reported;
  if (of === 'attempt') return [reported];
  const presented = await db.presentation.findMany({
    where: of === 'block' ? { blocId: id } : { fileId: fileIdOf(id) },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  const attempts = presented.map((one): ReportedStatus => ({ ...reported, of: 'attempt', id: one.id }));
  return attempts.length > 0 ? attempts : [{ ...reported, of: 'attempt' }];
}

/** Applies what a report says of one attempt; what cannot be is counted as unknown, for a person to look at. */
async function apply(
  db: Db,
  { id: endToEndId, status: what, reason, at, montant }: ReportedStatus,
): Promise<keyof Counts> {
  const presentation = await db.presentation.findUnique({ where: { id: endToEndId } });
  if (!presentation || (montant !== undefined && montant !== presentation.montant)) return 'inconnus';
  const { paymentId: id, tentative } = presentation;
  try {
    return await db.$transaction(async (tx) => {
      if (what === 'collected') {
        await confirmPayment(tx, { id, tentative, dateReception: at ?? new Date() });
        return 'confirmes';
      }
      const retourBancaire = what === 'returned';
      const motifRejet = /^[A-Z0-9]{1,10}$/i.test(reason) ? reason : NO_REASON;
      await rejectPayment(tx, { id, tentative, motifRejet, dateRejet: at ?? new Date(), retourBancaire });
      return 'rejetes';
    });
  } catch (error) {
    if (error instanceof RpcError && error.code === status.FAILED_PRECONDITION) return 'inconnus';
    throw error;
  }
}
