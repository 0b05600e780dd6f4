import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import { nextSendTime } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { planEnvois, usualDueDate } from './plan-envois.ts';
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
