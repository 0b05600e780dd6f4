/**
 * A société's payment instructions ("Règlement : virement, IBAN …") as a line under our own heading: without
 * its heading and full stop, with a capital letter.
 */
export function howToPay(paiement: string): string {
  const words = paiement.replace(/^(pour régler|comment régler|règlement|paiement)\s*:\s*(?=\S)/iu, '');
  const [first = '', ...rest] = words.replace(/[\s.;,:]+$/u, '');
  return first.toLocaleUpperCase('fr') + rest.join('');
}
