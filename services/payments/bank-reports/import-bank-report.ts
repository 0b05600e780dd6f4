import { createHash } from 'node:crypto';
import type { Db } from '@crm/db';
import { invalid, type Call, type Logger } from '@crm/kit';
import {
  CanalRapport,
  type ImportBankReportRequest,
  type ImportBankReportResponse,
} from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { errorCode } from './error-code.ts';
import { importReport } from './import-report.ts';
import { refusedFiles } from './refused-files.ts';
import { memorySource } from './source.ts';
import { UnreadableReport } from './unreadable-report.ts';

type Needs = { db: Db; config: { BANK_DIR: string; BANK_REFUSED_MAX_MB: number }; log: Logger };

/**
 * Imports a report from a call. Files of the inbox folder use the same function, `importReport`.
 * @throws INVALID_ARGUMENT naming the line, if the file cannot be read; the file is kept
 */
export function importBankReport(needs: Needs) {
  const { db, log } = needs;
  const keepRefused = refusedFiles(needs);
  return async (
    { nomFichier, contenu }: ImportBankReportRequest,
    call: Call,
  ): Promise<ImportBankReportResponse> => {
    const rapportId = v7();
    const importer = { rapportId, canal: CanalRapport.APPEL, auteur: call.caller.sub };
    try {
      const imported = await importReport(db, memorySource(nomFichier, contenu), importer);
      log.info(imported, 'bank report imported');
      return imported;
    } catch (error) {
      if (!(error instanceof UnreadableReport)) throw error;
      const reason = error.message;
      log.warn({ rapportId, reason }, 'bank report refused');
      const sha256 = createHash('sha256').update(contenu).digest('hex').slice(0, 16);
      const refused = {
        rapportId,
        nomFichier: `${sha256}-${nomFichier}`,
        reason,
        file: { content: contenu },
      };
      // it is refused even if it could not be kept
      await keepRefused('unreadable', refused).catch((failure: unknown) =>
        log.error({ rapportId, code: errorCode(failure) }, 'a refused bank report could not be kept'),
      );
      throw invalid('contenu', reason);
    }
  };
}
