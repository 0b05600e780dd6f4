import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * Lets one thing happen at a time: the steps of a follow-up, and its commands, which come first. A step that
 * waits for its next attempt or for an operator is given up for a command or for news; a running attempt ends
 * first.
 */
export class Turns {
  private isBusy = false;
  private giveUp = () => {};
  private readonly hasBegun: () => boolean;

  /** @param hasBegun whether there is something for commands; until then commands wait, but steps do not */
  constructor(hasBegun: () => boolean) {
    this.hasBegun = hasBegun;
  }

  /** Whether an accepted command is not carried out yet. */
  isCommanded(): boolean {
    return this.hasBegun() && !allHandlersFinished();
  }

  /** Gives up the waiting step, if there is one. */
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
