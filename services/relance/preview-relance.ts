import type { Db } from '@crm/db';
import { afterUsualTerm, dateInParis, inParis, LAST_DATE } from '@crm/domain';
import { invalid, type Methods } from '@crm/kit';
import { BaseRelance, type RelanceServiceService } from '@crm/proto/relance/relance';
import { dueAt, type InvoiceDates, type Level } from './due-at.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { levelsFor } from './regles-relance.ts';

/**
 * Computes what would be sent and when, with the functions that plan real reminders.
 * @throws {RpcError} INVALID_ARGUMENT naming the field that leads outside of the calendar
 */
export const previewRelance = (
  db: Db,
  openDays: OpenDays,
): Pick<Methods<typeof RelanceServiceService>, 'preview' | 'nextSendTime'> => ({
  async preview({ dateFacture, dateEcheance, organisationId, emiseAt }) {
    const levels = await levelsFor(db, organisationId);
    const invoice = { dateFacture, dateEcheance: dateEcheance || afterUsualTerm(dateFacture), emiseAt };
    let field = 'dateFacture';
    for (const level of levels) {
      field = level.base === BaseRelance.DATE_ECHEANCE && dateEcheance ? 'dateEcheance' : 'dateFacture';
      assertWithin(field, dateInParis(dueAt(level, invoice)));
    }
    const envois = await planEnvois(levels, invoice, within(field, openDays(organisationId)));
    for (const { datePrevue } of envois) assertWithin(field, dateInParis(datePrevue));
    return { envois };
  },
  async nextSendTime({ souhaite, dernierEnvoi, organisationId }) {
    const [first] = await levelsFor(db, organisationId);
    const spaced = dernierEnvoi && inParis(dernierEnvoi).add(first!.espacement).epochMilliseconds;
    const field = spaced && spaced > souhaite!.getTime() ? 'dernierEnvoi' : 'souhaite';
    const days = within(field, openDays(organisationId));
    const datePrevue = await nextSendTime(souhaite!, first!, dernierEnvoi, days);
    assertWithin(field, dateInParis(datePrevue));
    return { datePrevue };
  },
});

/**
 * When each level would be sent if nothing is paid and the client gets no other reminder. In order of levels.
 */
export async function planEnvois(
  levels: Level[],
  invoice: InvoiceDates,
  nextOpenDay: NextOpenDay,
): Promise<(Pick<Level, 'niveau' | 'modele' | 'canal'> & { datePrevue: Date })[]> {
  const envois = [];
  let last: Date | undefined;
  for (const level of levels) {
    last = await nextSendTime(dueAt(level, invoice), level, last, nextOpenDay);
    const { niveau, modele, canal } = level;
    envois.push({ niveau, modele, canal, datePrevue: last });
  }
  return envois;
}

/** Limits open days to the calendar, and blames the field that leads outside of it. */
const within =
  (field: string, nextOpenDay: NextOpenDay): NextOpenDay =>
  (date) => {
    assertWithin(field, date);
    return nextOpenDay(date);
  };

function assertWithin(field: string, date: string): void {
  if (date > LAST_DATE) throw invalid(field, `reminders would be later than ${LAST_DATE}`);
}
