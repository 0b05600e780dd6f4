/** A reason is kept in so many characters (`motif` of the contract). */
const LONGEST_MOTIF = 500;

/** A reason as it is recorded: its first 500 characters, none of them cut in half. */
export const cutMotif = (motif: string): string => [...motif].slice(0, LONGEST_MOTIF).join('');
