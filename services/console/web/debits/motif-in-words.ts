/**
 * What a service says of a line of a bank report, in the words of the page; as it is if they are not known.
 * @param words patterns of what services say, and the words for it, with $1 and $2 for what the pattern captures
 */
export function motifInWords(said: string, words: readonly (readonly [RegExp, string])[]): string {
  return said
    .split('; ')
    .filter(Boolean)
    .map((part) => {
      const known = words.find(([pattern]) => pattern.test(part));
      const found = known?.[0].exec(part);
      return known && found
        ? known[1].replace(/\$([12])/g, (_, at: string) => found[Number(at)] ?? '')
        : part;
    })
    .join(' ; ');
}
