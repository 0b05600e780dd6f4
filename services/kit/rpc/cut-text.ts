/** The first so many characters of a text, whatever its length; none is cut in half, as an emoji would be by `slice`. */
export const cutText = (text: string, most: number): string =>
  text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');
