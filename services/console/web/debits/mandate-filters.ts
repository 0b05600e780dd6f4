/** The states by which mandates are filtered, in the address. */
export const MANDATE_FILTERS = ['actifs', 'bientot', 'caducs', 'revoques'] as const;

export type MandateFilter = (typeof MANDATE_FILTERS)[number];

export const isMandateFilter = (value: unknown): value is MandateFilter =>
  MANDATE_FILTERS.includes(value as MandateFilter);
