import type { ElementTexts } from './element-texts.ts';
import type { ReportLine } from './report-line.ts';

/** How one kind of message becomes lines, while it is read. */
export type MessageReader = {
  /** The elements whose texts are collected, each by itself, with the paths within them that matter. */
  elements: Map<string, Set<string>>;
  /** Paths within them of which it matters that they are there. */
  presence: Set<string>;
  /** One of them begins: its texts fill from now on. */
  open(name: string, texts: ElementTexts): void;
  /** A path of `presence` begins within one of them. */
  see?(name: string, path: string, texts: ElementTexts): void;
  /** One of them ends. */
  close(name: string, texts: ElementTexts): void;
  /** The document ends. */
  end(): void;
};

/** Hands out a line. */
export type Say = (line: ReportLine) => void;

/** Makes a reader of one document. */
export type MakeReader = (say: Say) => MessageReader;
