/** What a question may be made of. */
type Word = string | string[] | undefined;

/**
 * A question that is asked once for each thing that it is asked about, and answers the same from then on. For one piece
 * of work: the rows of a page ask about few organisations and days.
 */
export function remembered<Words extends Word[], Answer>(
  ask: (...words: Words) => Answer,
): (...words: Words) => Answer {
  const answers = new Map<string, Answer>();
  return (...words) => {
    const key = JSON.stringify(words);
    if (!answers.has(key)) answers.set(key, ask(...words));
    return answers.get(key)!;
  };
}
