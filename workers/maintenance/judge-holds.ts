import { everyPage } from '@crm/kit';
import type { Judged, JudgeHoldsActivities } from '@crm/workflows/judge-holds';
import { Context } from '@temporalio/activity';
import type { Services } from '../clients.ts';

/** Twenty holds at a time, each of which asks other services. */
const PAGE_MS = 60_000;

/** Judges holds page by page. One that is put off stops none that comes after. */
export const judgeHoldsActivities = ({ attentes }: Pick<Services, 'attentes'>): JudgeHoldsActivities => ({
  async judgeDueHolds() {
    const judged: Judged = { tenues: 0, rompues: 0, expirees: 0, remises: 0 };
    const pages = everyPage(({ pageToken }) => attentes.juger({ pageToken }, { deadlineMs: PAGE_MS }));
    for await (const { tenues, rompues, expirees, remises } of pages) {
      judged.tenues += tenues;
      judged.rompues += rompues;
      judged.expirees += expirees;
      judged.remises += remises;
      Context.current().heartbeat(judged);
    }
    return judged;
  },
});
