/**
 * Converts a text to the character set that every SEPA bank accepts (EPC217-08): accents are removed, other
 * characters become dots. The result is never empty, has no slash at either end, and no two slashes in a row.
 * @param maxLength 70 for a name, 140 for a remittance text
 */
export function sepaText(text: string, maxLength = 70): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’‘`´]/g, "'")
    .replace(/œ/gi, 'oe')
    .replace(/æ/gi, 'ae')
    .replace(/&/g, '+')
    .replace(/[^A-Za-z0-9/?:().,'+ -]/g, '.')
    .replace(/\/{2,}/g, '/')
    .replace(/\s+/g, ' ')
    .slice(0, maxLength)
    .replace(/^[/ ]+|[/ ]+$/g, '');
  return plain || '.';
}
