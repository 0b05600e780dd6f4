/**
 * EndToEndId of an attempt: the payment's id without hyphens and the attempt in two digits, 34 characters of the 35
 * that ISO 20022 allows; so a late return finds its own attempt.
 */
export const endToEndIdOf = (paymentId: string, tentative: number): string =>
  paymentId.replaceAll('-', '') + String(tentative).padStart(2, '0');
