import { countrySpecs, isValidIBAN } from 'ibantools';

/** A text with every IBAN in it as "FR14 **** 606": banks name files, and some debtors their references, by accounts. */
export function maskIbans(text: string): string {
  let masked = '';
  let at = 0;
  for (const { index } of text.matchAll(/(?=[A-Za-z]{2}\d{2})/g)) {
    if (index < at) continue;
    const { chars = 0 } = countrySpecs[text.slice(index, index + 2).toUpperCase() as 'FR'] ?? {};
    const candidate = text.slice(index, index + (chars ?? 0));
    if (!isValidIBAN(candidate.toUpperCase())) continue;
    masked += `${text.slice(at, index)}${candidate.slice(0, 4)} **** ${candidate.slice(-3)}`;
    at = index + candidate.length;
  }
  return masked + text.slice(at);
}
