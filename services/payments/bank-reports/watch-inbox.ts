import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { errorCode } from './error-code.ts';
import { inbox } from './inbox.ts';
import { refusedFiles } from './refused-files.ts';
import { resumeReports } from './resume-reports.ts';

const LOOK_MS = 1_000;
/** The pause after a failed look, when the database or the folder is away. */
const AGAIN_MS = 5_000;

type Needs = {
  db: Db;
  log: Logger;
  config: { BANK_DIR: string; BANK_REFUSED_MAX_MB: number };
  onStop(stop: () => Promise<unknown>): void;
};

/** Imports what is put into the inbox, and completes reports whose import died, until the process ends. */
export function watchInbox(needs: Needs): void {
  const { db, log, config, onStop } = needs;
  const stopping = new AbortController();
  const { signal } = stopping;
  const folder = join(config.BANK_DIR, 'inbox');
  const look = inbox({ db, log, folder, keepRefused: refusedFiles(needs) });
  const resume = resumeReports(db, log);
  const lookAndResume = async () => {
    try {
      await look(signal);
    } finally {
      // an inbox that fails does not stop the completion of reports
      if (!signal.aborted) await resume(signal);
    }
  };
  const watch = async () => {
    while (!signal.aborted) {
      let failed = false;
      try {
        await lookAndResume();
      } catch (error) {
        failed = true;
        if (!signal.aborted)
          log.warn({ code: errorCode(error) }, 'the bank’s inbox could not be looked into');
      }
      await delay(failed ? AGAIN_MS : LOOK_MS, undefined, { signal }).catch(() => {});
    }
  };
  const ended = watch();
  onStop(() => {
    stopping.abort();
    return ended;
  });
}
