/**
 * The EndToEndId of an attempt: the payment's id without hyphens, and the attempt in two digits. 34
 * characters; ISO 20022 allows 35. With the attempt in it, a late return finds the right attempt.
 */
export const endToEndIdOf = (paymentId: string, tentative: number): string =>
  paymentId.replaceAll('-', '') + String(tentative).padStart(2, '0');
