/**
 * Whether a text is a SIREN: nine digits whose Luhn sum is a multiple of ten (ISO/IEC 7812-1, annex B;
 * INSEE's definition: https://www.insee.fr/fr/metadonnees/definition/c2047).
 */
export function isSiren(text: string): boolean {
  if (!/^[0-9]{9}$/.test(text)) return false;
  // every second digit from the left is doubled; the last one, the check digit, is not
  const sum = [...text].reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
