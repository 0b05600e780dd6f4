/** An argument of a question. */
type Word = string | string[] | undefined;

/**
 * Makes a function remember its answers, asked once for each argument. For one piece of work: the rows of a
 * page concern few organisations and days.
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
