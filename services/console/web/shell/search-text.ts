/** A text of the address; the router reads what looks like a number as one. */
export const searchText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
