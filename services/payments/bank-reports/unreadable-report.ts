import { maskIbans } from './mask-ibans.ts';

/** The most characters of a reason: names in a file may have millions. */
const MOST = 300;

/**
 * A file that is not a valid report: the line at fault, if there is one, and the reason. Nothing of it was
 * applied. The reason is logged and returned, so account numbers in it are masked.
 */
export class UnreadableReport extends Error {
  override readonly name = 'UnreadableReport';

  constructor(why: string) {
    super(maskIbans(why, MOST));
  }
}
