import type { HeaderLines } from 'mailparser';

/** Reads a field of a header by its name in lower case, unfolded; empty: there is none. */
export type HeaderField = (name: string) => string;

/** The fields of an e-mail's header. One that stands there several times is read as one. */
export const fieldsOf =
  (lines: HeaderLines): HeaderField =>
  (name) =>
    lines
      .filter(({ key }) => key === name)
      .map(({ line }) =>
        line
          .replace(/^[^:]*:/, '')
          .replace(/\s+/g, ' ')
          .trim(),
      )
      .join(' ');

/** The fields of a text that is written as a header is; a line that begins with white space goes on (RFC 5322, 2.2.3). */
export const fieldsOfText = (block: string): HeaderField =>
  fieldsOf(
    block
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .map((line) => ({ key: line.split(':')[0]!.trim().toLowerCase(), line })),
  );

/** The last address in a field; programs write it in angle brackets. */
export const addressIn = (field: string): string =>
  /([^\s<>"(),;:]{1,64}@[^\s<>"(),;:]{1,255})\W*$/.exec(field.slice(-1_000))?.[1] ?? '';
