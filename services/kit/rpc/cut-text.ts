/** The first characters of a text. No character is cut in half, as `slice` would do with an emoji. */
export const cutText = (text: string, most: number): string =>
  text.length <= most ? text : [...text.slice(0, 2 * most)].slice(0, most).join('');
