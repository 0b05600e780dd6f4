import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { invalid, type Call, type Logger } from '@crm/kit';
import {
  CanalRapport,
  type ImportBankReportRequest,
  type ImportBankReportResponse,
} from '@crm/proto/payments/payments';
import { importReport, memorySource } from './import-report.ts';
import { keepAside, plainName } from './keep-aside.ts';
import { maskIbans } from './mask-ibans.ts';
import { UnreadableReport } from './unreadable-report.ts';

type Needs = { db: Db; config: { BANK_DIR: string }; log: Logger };

/**
 * Takes a bank's report from a caller; the inbox folder's go the same way (`importReport`).
 * @throws INVALID_ARGUMENT naming the line, for a file that cannot be read; it is kept aside
 */
export function importBankReport({ db, config, log }: Needs) {
  return async (
    { nomFichier, contenu }: ImportBankReportRequest,
    call: Call,
  ): Promise<ImportBankReportResponse> => {
    const importer = { canal: CanalRapport.APPEL, auteur: call.caller.sub };
    try {
      const imported = await importReport(db, memorySource(nomFichier, contenu), importer);
      log.info(imported, 'bank report imported');
      return imported;
    } catch (error) {
      if (!(error instanceof UnreadableReport)) throw error;
      log.warn({ reason: error.message }, 'bank report refused');
      const sha256 = createHash('sha256').update(contenu).digest('hex').slice(0, 16);
      // an error of the file system names the file, and is logged
      const name = `${sha256}-${plainName(maskIbans(nomFichier, 200))}`;
      await keepAside(join(config.BANK_DIR, 'unreadable'), name, error.message, { content: contenu });
      throw invalid('contenu', error.message);
    }
  };
}
