import { maskIbans } from './mask-ibans.ts';

/** Characters of a reason; names in a file may have millions. */
const MOST = 300;

/**
 * A file that is no report: the line at fault, where there is one, and why. Nothing of it was applied. What is wrong is
 * named as the file names it, and is logged and answered: without accounts.
 */
export class UnreadableReport extends Error {
  override readonly name = 'UnreadableReport';

  constructor(why: string) {
    super(maskIbans(why, MOST));
  }
}
