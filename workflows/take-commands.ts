import {
  ActivityFailure,
  ApplicationFailure,
  currentUpdateInfo,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { saidInWords } from './summary.ts';

/** The author of a command, and the reason. */
export type Said = {
  /** The `sub` of the person. */
  who: string;
  why: string;
  /** The version that the person has seen: refused by the service if there is another one. Absent: any. */
  versionAttendue?: number;
};

/** Why a command is refused: a reason for programs, and its meaning. */
export type Refusal = { reason: string; message: string };

/** An accepted command, by the name of its update. `id` is the same for every attempt to record it. */
type Accepted<Name extends string, Told extends Said> = Told & { name: Name; id: string };

/** What commands need from their follow-up. */
export type Commanded<Name extends string, Told extends Said> = {
  /** The commands in words. */
  words: Record<Name, string>;
  /** What is wrong with a command's arguments, in any state. */
  fault?(name: Name, told: Partial<Told>): Refusal | undefined;
  /** Why a command is refused in the present state. */
  refusal(name: Name): Refusal | undefined;
  /** Waits until a command may be carried out, then does it. */
  inTurn(carryOut: () => Promise<void>): Promise<void>;
  /**
   * Makes the service record a command, with author and reason, and carry it out. If the service refuses, the
   * update fails.
   * @param words the command for people
   */
  record(command: Accepted<Name, Told>, words: string): Promise<void>;
};

/**
 * Accepts commands, each an update of its name. A refused one leaves no trace in the history. An accepted one
 * may still be refused, because of an earlier one, or by the service, which decides.
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
    // people type it, so anything may be in it
    const validator = (told: Partial<Told> | undefined): void => {
      if (typeof told?.who !== 'string' || !told.who.trim()) throw refused('QUI', 'must say who');
      if (told.versionAttendue !== undefined && !Number.isInteger(told.versionAttendue))
        throw refused('VERSION', 'versionAttendue must be a whole number');
      check(of.fault?.(name, told) ?? of.refusal(name));
    };
    setHandler(defineUpdate<void, [Told]>(name), take, { description: inWords, validator });
  }
}

const refused = (type: string, message: string) => ApplicationFailure.nonRetryable(message, type);
