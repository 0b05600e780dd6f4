import type { ElementTexts } from './element-texts.ts';
import type { ReportLine } from './report-line.ts';

/** Turns one kind of message into lines while it is read. */
export type MessageReader = {
  /** The elements whose texts are collected, with the relevant paths within each. */
  elements: Map<string, Set<string>>;
  /** Paths within them whose presence matters. */
  presence: Set<string>;
  /** Such an element begins. Its texts are filled from now on. */
  open(name: string, texts: ElementTexts): void;
  /** A path of `presence` begins within such an element. */
  see?(name: string, path: string, texts: ElementTexts): void;
  /** Such an element ends. */
  close(name: string, texts: ElementTexts): void;
  /** The document ends. */
  end(): void;
};

/** Hands out a line. */
export type Say = (line: ReportLine) => void;

/** Makes a reader of one document. */
export type MakeReader = (say: Say) => MessageReader;
