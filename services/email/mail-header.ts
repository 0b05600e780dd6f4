import type { HeaderLines } from 'mailparser';

/** Returns a header field by its lower-case name, unfolded; empty if there is none. */
export type HeaderField = (name: string) => string;

/** The header fields of an e-mail. If a field is repeated, its values are joined. */
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

/**
 * The fields of a text that is written like a header. A line that begins with white space continues the
 * previous one (RFC 5322, 2.2.3).
 */
export const fieldsOfText = (block: string): HeaderField =>
  fieldsOf(
    block
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .map((line) => ({ key: line.split(':')[0]!.trim().toLowerCase(), line })),
  );

/** The last address in a field. Programs write it in angle brackets. */
export const addressIn = (field: string): string =>
  /([^\s<>"(),;:]{1,64}@[^\s<>"(),;:]{1,255})\W*$/.exec(field.slice(-1_000))?.[1] ?? '';
