/**
 * A delay from an invoice's date, as people say it: "J+15", "échéance+8". Delays of hours or less are
 * returned as they are.
 * @param base DATE_FACTURE or DATE_ECHEANCE
 * @param delai ISO 8601
 */
export const delayInWords = ({ base, delai }: { base: string; delai: string }): string =>
  `${base === 'DATE_ECHEANCE' ? 'échéance' : 'J'}+${/^P(\d+)D$/.exec(delai)?.[1] ?? delai}`;
