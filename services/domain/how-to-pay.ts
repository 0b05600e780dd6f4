/**
 * What a société says of how to pay ("Règlement : virement, IBAN …"), as a line under a heading of ours: without a
 * heading of its own or a full stop, beginning with a capital letter.
 */
export function howToPay(paiement: string): string {
  const words = paiement.replace(/^(pour régler|comment régler|règlement|paiement)\s*:\s*(?=\S)/iu, '');
  const [first = '', ...rest] = words.replace(/[\s.;,:]+$/u, '');
  return first.toLocaleUpperCase('fr') + rest.join('');
}
