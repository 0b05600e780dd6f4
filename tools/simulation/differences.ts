/** A line of what is foreseen; lines with the same key are about the same thing. */
export type Line = { key: string; text: string };

/** What of one foresight is not so in another, "- …" and "+ …" beside each other; one line where nothing is. */
export function differences(before: Line[], after: Line[]): string[] {
  const keys = [...new Set([...before, ...after].map(({ key }) => key))];
  const lines = keys.flatMap((key) => {
    const [one, two] = [before, after].map((all) => all.find((line) => line.key === key)?.text);
    if (one === two) return [];
    return [...(one === undefined ? [] : [`- ${one}`]), ...(two === undefined ? [] : [`+ ${two}`])];
  });
  return lines.length > 0 ? lines : ['aucune'];
}
