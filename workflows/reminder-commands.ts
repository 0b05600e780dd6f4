import type { Said } from './take-commands.ts';

/** The updates of the workflow `invoiceReminder` by name, with their arguments. */
export type ReminderCommands = {
  /** `jusquAu`: YYYY-MM-DD; empty: until resumed. */
  pause: Said & { jusquAu: string };
  resume: Said;
  /** Now, or at the next opening. */
  sendNow: Said;
  /** Skips the next level. */
  skip: Said;
  /** Ends the reminders for good. */
  cancel: Said;
  /** Moves what is not sent yet to the rules in force. `regleId`: only to this rule; empty: to all. */
  migrate: Said & { regleId: string };
};

export type ReminderCommand = keyof ReminderCommands;
