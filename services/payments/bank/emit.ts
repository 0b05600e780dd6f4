import type { Db } from '@crm/db';
import { failedPrecondition, invalid, type Call, type Connected } from '@crm/kit';
import { Calendrier, type CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { EmitResponse, type EmitRequest } from '@crm/proto/payments/payments';
import { join } from 'node:path';
import type { IbanCipher } from './iban-cipher.ts';
import { presentPayments } from './present-payments.ts';
import { renderFile, writePendingFiles, type Outbox } from './write-debits.ts';

type Settings = {
  BANK_DIR: string;
  CREANCIER_NOM: string;
  CREANCIER_IBAN: string;
  CREANCIER_BIC: string;
  CREANCIER_ICS: string;
};
type Calendar = Pick<Connected<typeof CalendarEngineServiceService>, 'checkDateEligibility'>;

/**
 * Presents the planned payments of a collection date to the bank: marks them, then writes the file. The content, which
 * has IBANs in it, is rendered for the answer and kept nowhere but in the bank's folder.
 * @throws INVALID_ARGUMENT `dateCollecte` where T2 is closed; FAILED_PRECONDITION CREANCIER where none is configured
 */
export function emitDebits(db: Db, config: Settings, cipher: IbanCipher, calendar: Calendar) {
  const creditor = {
    name: config.CREANCIER_NOM,
    iban: config.CREANCIER_IBAN,
    bic: config.CREANCIER_BIC,
    id: config.CREANCIER_ICS,
  };
  const outbox: Outbox = { db, cipher, creditor, folder: join(config.BANK_DIR, 'outbox') };
  return async ({ dateCollecte, organisationId }: EmitRequest, call: Call): Promise<EmitResponse> => {
    if (!creditor.iban || !creditor.id) {
      throw failedPrecondition('CREANCIER', 'CREANCIER_IBAN and CREANCIER_ICS say who collects: set them');
    }
    const { eligible, motifs } = await calendar.checkDateEligibility({
      date: dateCollecte,
      calendriers: [Calendrier.T2],
    });
    if (!eligible) throw invalid('dateCollecte', `T2 is closed on ${dateCollecte}: ${motifs.join(', ')}`);
    const presented = await call.once(
      async (tx) => EmitResponse.fromPartial(await presentPayments(tx, dateCollecte, organisationId)),
      {
        idOf: ({ nomFichier }) => nomFichier,
        read: async (tx, nomFichier) =>
          EmitResponse.fromPartial((await tx.bankFile.findUnique({ where: { nomFichier } })) ?? {}),
      },
    );
    if (!presented.nomFichier) return presented;
    await writePendingFiles(outbox);
    return { ...presented, contenu: await renderFile(outbox, presented.nomFichier) };
  };
}
