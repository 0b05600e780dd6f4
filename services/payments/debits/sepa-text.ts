/**
 * A text in the character set that every SEPA bank takes (EPC217-08): letters lose their accents, what is left outside
 * of the set becomes a point. Never empty, no slash at either end, none doubled.
 * @param maxLength 70 for a name, 140 for a remittance
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
