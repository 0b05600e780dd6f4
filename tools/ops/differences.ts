/** A line of a forecast. Lines with the same key are about the same thing. */
export type Line = { key: string; text: string };

/** The differences of two forecasts, "- …" and "+ …" next to each other; one line if there are none. */
export function differences(before: Line[], after: Line[]): string[] {
  const keys = [...new Set([...before, ...after].map(({ key }) => key))];
  const lines = keys.flatMap((key) => {
    const [one, two] = [before, after].map((all) => all.find((line) => line.key === key)?.text);
    if (one === two) return [];
    return [...(one === undefined ? [] : [`- ${one}`]), ...(two === undefined ? [] : [`+ ${two}`])];
  });
  return lines.length > 0 ? lines : ['aucune'];
}
