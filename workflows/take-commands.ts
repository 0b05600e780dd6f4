import {
  ActivityFailure,
  ApplicationFailure,
  currentUpdateInfo,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { saidInWords } from './summary.ts';

/** Whose word a command is, and why. */
export type Said = {
  /** The `sub` of whoever said it. */
  who: string;
  why: string;
};

/** Why a command is refused: the reason that callers are given, and what it means. */
export type Refusal = { reason: string; message: string };

/** A command that was accepted, by the name of its update. `id` is the same for every attempt to record it. */
type Accepted<Name extends string, Told extends Said> = Told & { name: Name; id: string };

/** What commands need of the follow-up that takes them. */
export type Commanded<Name extends string, Told extends Said> = {
  /** The commands, as people read them. */
  words: Record<Name, string>;
  /** What is wrong with what one says, whatever it is said to. */
  fault?(name: Name, told: Partial<Told>): Refusal | undefined;
  /** Why one is refused as things stand. */
  refusal(name: Name): Refusal | undefined;
  /** Waits until a command may be carried out, and does that. */
  inTurn(carryOut: () => Promise<void>): Promise<void>;
  /**
   * Has the service record a command, with who and why, and have its effect. What it refuses fails the update.
   * @param words as people read it
   */
  record(command: Accepted<Name, Told>, words: string): Promise<void>;
};

/**
 * Takes commands, each an update of its name. One that is refused leaves no trace in the history; one that was accepted
 * may still be refused by what came before it, or by the service, which has the last word.
 */
export function takeCommands<Name extends string, Told extends Said>(of: Commanded<Name, Told>): void {
  const check = (refusal: Refusal | undefined) => {
    if (refusal) throw refused(refusal.reason, refusal.message);
  };
  for (const [name, inWords] of Object.entries(of.words) as [Name, string][]) {
    const take = async (told: Told): Promise<void> => {
      const command = { ...told, why: told.why ?? '', name, id: currentUpdateInfo()!.id };
      const words = saidInWords(inWords, command);
      const carryOut = async () => {
        check(of.refusal(name));
        await of.record(command, words);
      };
      await of.inTurn(carryOut).catch((error: unknown) => {
        const cause = error instanceof ActivityFailure ? error.cause : error;
        throw cause instanceof ApplicationFailure ? refused(cause.type ?? 'REFUSED', cause.message) : error;
      });
    };
    // typed by hand, anything may be in it
    const validator = (told: Partial<Told> | undefined): void => {
      if (typeof told?.who !== 'string' || !told.who.trim()) throw refused('QUI', 'must say who');
      check(of.fault?.(name, told) ?? of.refusal(name));
    };
    setHandler(defineUpdate<void, [Told]>(name), take, { description: inWords, validator });
  }
}

const refused = (type: string, message: string) => ApplicationFailure.nonRetryable(message, type);
