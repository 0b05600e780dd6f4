import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import { dueAt, usualDueDate, type InvoiceDates, type Level } from './due-at.ts';
import { nextSendTime, type NextOpenDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { levelsFor } from './regles-relance.ts';

/** What would be sent and when, by the functions that plan what is sent. */
export const previewRelance = (
  db: Db,
  openDays: OpenDays,
): Pick<Methods<typeof RelanceServiceService>, 'preview' | 'nextSendTime'> => ({
  async preview({ dateFacture, dateEcheance, organisationId, emiseAt }) {
    const levels = await levelsFor(db, organisationId);
    const invoice = { dateFacture, dateEcheance: dateEcheance || usualDueDate(dateFacture), emiseAt };
    return { envois: await planEnvois(levels, invoice, openDays(organisationId)) };
  },
  async nextSendTime({ souhaite, dernierEnvoi, organisationId }) {
    const [first] = await levelsFor(db, organisationId);
    return { datePrevue: await nextSendTime(souhaite!, first!, dernierEnvoi, openDays(organisationId)) };
  },
});

/** When each level would be sent, if nothing is paid and the client gets no other reminder. In order of levels. */
export async function planEnvois(
  levels: Level[],
  invoice: InvoiceDates,
  nextOpenDay: NextOpenDay,
): Promise<{ niveau: number; modele: string; datePrevue: Date }[]> {
  const envois = [];
  let last: Date | undefined;
  for (const level of levels) {
    last = await nextSendTime(dueAt(level, invoice), level, last, nextOpenDay);
    envois.push({ niveau: level.niveau, modele: level.modele, datePrevue: last });
  }
  return envois;
}
