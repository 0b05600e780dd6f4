/**
 * A delay from a date of an invoice, as people say it: "J+15", "échéance+8"; one of hours or less as it is written.
 * @param base DATE_FACTURE or DATE_ECHEANCE
 * @param delai ISO 8601
 */
export const delayInWords = ({ base, delai }: { base: string; delai: string }): string =>
  `${base === 'DATE_ECHEANCE' ? 'échéance' : 'J'}+${/^P(\d+)D$/.exec(delai)?.[1] ?? delai}`;
