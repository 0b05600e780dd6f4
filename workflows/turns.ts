import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * One thing at a time: the steps of a follow-up and its commands, which come first. A step that waits, for its next
 * attempt or an operator's word, is given up for a command or for news; an attempt that is under way ends before.
 */
export class Turns {
  private isBusy = false;
  private giveUp = () => {};
  private readonly hasBegun: () => boolean;

  /** @param hasBegun there is something that a command could be about; until then commands wait, and steps do not */
  constructor(hasBegun: () => boolean) {
    this.hasBegun = hasBegun;
  }

  /** A command was accepted that is not carried out yet. */
  isCommanded(): boolean {
    return this.hasBegun() && !allHandlersFinished();
  }

  /** Gives up the step that waits, if one does. */
  interrupt(): void {
    this.giveUp();
  }

  async step<T>(attempt: () => Promise<T>): Promise<T | 'interrupted'> {
    if (this.isCommanded()) return 'interrupted';
    const scope = new CancellationScope();
    this.giveUp = () => scope.cancel();
    this.isBusy = true;
    try {
      return await scope.run(attempt);
    } catch (error) {
      if (!isCancellation(error) || !scope.consideredCancelled) throw error;
      return 'interrupted';
    } finally {
      this.isBusy = false;
      this.giveUp = () => {};
    }
  }

  async command(carryOut: () => Promise<void>): Promise<void> {
    if (this.hasBegun()) this.interrupt();
    const isTurn = () => !this.isBusy && this.hasBegun();
    while (!isTurn()) await condition(isTurn);
    this.isBusy = true;
    try {
      await carryOut();
    } finally {
      this.isBusy = false;
    }
  }
}
