/** Temporal refuses the whole task whose timer or activity has a longer one; in bytes, with some to spare. */
const LONGEST = 300;

/** What a timer or an activity is called in the UI, cut where people wrote more than fits. */
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

/** A command as it is told: "mise en pause, par alice: promesse de paiement". */
export const saidInWords = (command: string, { who, why }: { who: string; why: string }): string =>
  `${command}, par ${who}${why && `: ${why}`}`;
