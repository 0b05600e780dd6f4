/** What one may look at of the timeline, each with its kinds of lines (chronologie.GenreLigne). */
export const KINDS = {
  courriels: [1, 2, 3],
  relances: [4, 5, 6],
  prelevements: [7, 8, 9],
  contacts: [10, 11],
  factures: [12, 13, 15],
  decisions: [4, 5, 6, 7, 14],
} as const;

export type Kind = keyof typeof KINDS;
