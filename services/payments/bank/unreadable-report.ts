/** A file that is no report: the line at fault, where there is one, and why. Nothing of it was applied. */
export class UnreadableReport extends Error {
  override readonly name = 'UnreadableReport';
}
