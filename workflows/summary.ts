/**
 * The longest summary in bytes, with a margin. Temporal refuses the whole task if a timer's or activity's
 * summary is longer.
 */
const LONGEST = 300;

/** The text for a timer or an activity in the UI, cut if it is too long. */
export function summary(text: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= LONGEST) return text;
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > LONGEST - 3) break;
    cut += character;
  }
  return `${cut}…`;
}

/** A command in words: "mise en pause, par alice: promesse de paiement". */
export const saidInWords = (command: string, { who, why }: { who: string; why: string }): string =>
  `${command}, par ${who}${why && `: ${why}`}`;
