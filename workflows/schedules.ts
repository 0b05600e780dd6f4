/** A workflow that runs by the clock of Paris. */
export type Scheduled = {
  workflowType: string;
  at: { hour: number | { start: number; end: number }; minute: number };
  /** It has run successfully within this time, unless something is wrong; milliseconds. */
  everyMs: number;
};

const HOUR_MS = 3_600_000;

/** By the id of their Schedule, which is also how the ids of their runs begin. */
export const SCHEDULES: Record<string, Scheduled> = {
  'purge-expired': { workflowType: 'purgeExpired', at: { hour: 3, minute: 30 }, everyMs: 26 * HOUR_MS },
  // before the opening hours of any rule, and soon after midnight, when promises end
  'judge-holds': {
    workflowType: 'judgeHolds',
    at: { hour: { start: 0, end: 23 }, minute: 2 },
    everyMs: 2 * HOUR_MS,
  },
  // every hour of the day, because a debit that is planned late must be announced at once
  'prenotify-debits': {
    workflowType: 'prenotifyDebits',
    at: { hour: { start: 8, end: 19 }, minute: 10 },
    everyMs: 15 * HOUR_MS,
  },
};
