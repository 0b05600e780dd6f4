import { PlainError } from '../plain-error.ts';

/** The longest name for the history and the summary of a run. */
const LONGEST_WHO = 255;

/** Refuses a name that the history of a run could not keep. */
export function checkWho(who: string): void {
  if (!who.trim()) throw new PlainError('--who must say who.');
  // the history would refuse it, and every invoice would have a failed run
  if (Buffer.byteLength(who) > LONGEST_WHO || /\p{Cc}/u.test(who))
    throw new PlainError(`--who must be one line of ${LONGEST_WHO} bytes at most.`);
}
