import type { Db } from '@crm/db';
import { failedPrecondition, invalid, type Call, type Connected, type Logger } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import { EmitResponse, type EmitRequest } from '@crm/proto/payments/payments';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { contratsResilies } from './contrats-resilies.ts';
import type { IbanCipher } from './iban-cipher.ts';
import { contratsDue, presentPayments } from './present-payments.ts';
import { UnwritableDebit } from './render-debits.ts';
import { renderFile, writePendingFiles, type Outbox } from './write-debits.ts';

type Settings = {
  BANK_DIR: string;
  CREANCIER_NOM: string;
  CREANCIER_IBAN: string;
  CREANCIER_BIC: string;
  CREANCIER_ICS: string;
};

/** What a file for the bank is made with. */
export type Emission = {
  db: Db;
  config: Settings;
  cipher: IbanCipher;
  log: Logger;
  calendar: Pick<Connected<typeof CalendarEngineServiceService>, 'checkDateEligibility'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
};

/** Days from today to the collection at most: a year that was mistyped marks payments of years as presented. */
const AHEAD_DAYS = 45;

/**
 * Presents the planned payments of a collection date to the bank: marks them and renders the file in one transaction,
 * so that what cannot be rendered is not presented, then writes it. The content, which has IBANs in it, is kept
 * nowhere but in the bank's folder.
 * @throws INVALID_ARGUMENT `dateCollecte` where T2 is closed or later than in 45 days; FAILED_PRECONDITION CREANCIER
 * where none is configured, PRELEVEMENT naming a debit that no file can hold
 */
export function emitDebits({ db, config, cipher, log, calendar, contrats }: Emission) {
  const creditor = {
    name: config.CREANCIER_NOM,
    iban: config.CREANCIER_IBAN,
    bic: config.CREANCIER_BIC,
    id: config.CREANCIER_ICS,
  };
  const outbox: Outbox = { db, cipher, creditor, log, folder: join(config.BANK_DIR, 'outbox') };
  return async (due: EmitRequest, call: Call): Promise<EmitResponse> => {
    if (!creditor.iban || !creditor.id) {
      throw failedPrecondition('CREANCIER', 'CREANCIER_IBAN and CREANCIER_ICS say who collects: set them');
    }
    await checkCollectionDate(due.dateCollecte, calendar);
    const resilies = await contratsResilies(await contratsDue(db, due), contrats);
    const presented = await call.once(
      async (tx) => {
        const file = EmitResponse.fromPartial(await presentPayments(tx, due, resilies));
        if (file.nomFichier) await renderFile(outbox, tx, file.nomFichier).catch(explain);
        return file;
      },
      {
        idOf: ({ nomFichier }) => nomFichier,
        read: async (tx, nomFichier) =>
          EmitResponse.fromPartial((await tx.bankFile.findUnique({ where: { nomFichier } })) ?? {}),
      },
    );
    if (!presented.nomFichier) return presented;
    await writePendingFiles(outbox);
    return { ...presented, contenu: await renderFile(outbox, db, presented.nomFichier) };
  };
}

function explain(error: Error): never {
  throw error instanceof UnwritableDebit ? failedPrecondition('PRELEVEMENT', error.message) : error;
}

async function checkCollectionDate(date: string, calendar: Emission['calendar']): Promise<void> {
  const latest = Temporal.Now.plainDateISO('Europe/Paris').add({ days: AHEAD_DAYS }).toString();
  if (date > latest) {
    throw invalid('dateCollecte', `must not be later than in ${AHEAD_DAYS} days, ${latest}`);
  }
  const { eligible, motifs } = await calendar.checkDateEligibility({ date, calendriers: [Calendrier.T2] });
  if (!eligible) throw invalid('dateCollecte', `T2 is closed on ${date}: ${motifs.join(', ')}`);
}
