import type { Db } from '@crm/db';
import { afterUsualTerm, dateInParis, inParis, LAST_DATE, startOfDay } from '@crm/domain';
import { invalid, type Methods } from '@crm/kit';
import { BaseRelance, type EnvoiPrevu, type RelanceServiceService } from '@crm/proto/relance/relance';
import { comingSends } from './coming-sends.ts';
import { dueAt } from './due-at.ts';
import { firstState } from './first-state.ts';
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
    const days = within(field, openDays(organisationId));
    const state = { id: '', invoiceId: '', ...(await firstState(levels, invoice, undefined, days)) };
    const from = (now: Date) => comingSends(state, { now, turn: undefined, nextOpenDay: days });
    const envois = emiseAt ? await from(emiseAt) : await ofDate(dateFacture, from);
    for (const { datePrevue } of envois) assertWithin(field, dateInParis(datePrevue!));
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
 * The mails of an invoice that is issued today or later. One that is dated back is issued now: of the levels that are due
 * the last one is sent, shown on the day that it would have had.
 */
async function ofDate(
  dateFacture: string,
  from: (now: Date) => Promise<EnvoiPrevu[]>,
): Promise<EnvoiPrevu[]> {
  const inTime = await from(startOfDay(dateFacture));
  const now = new Date();
  if (startOfDay(dateFacture) >= now) return inTime;
  return (await from(now)).map((envoi) => {
    const usual = inTime.find(({ niveau }) => niveau === envoi.niveau)?.datePrevue;
    return usual && usual < now ? { ...envoi, datePrevue: usual } : envoi;
  });
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
