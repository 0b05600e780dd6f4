/** The longest stored reason, in characters (`motif` in the contract). */
const LONGEST_MOTIF = 500;

/** A reason for storage: its first 500 characters, without cutting one in half. */
export const cutMotif = (motif: string): string => [...motif].slice(0, LONGEST_MOTIF).join('');
