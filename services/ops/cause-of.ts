/**
 * What failures have in common: their reason without the ids, addresses, numbers and instants that differ from run to
 * run. Reasons with one cause are one line of an operator's list.
 */
export const causeOf = (reason: string): string =>
  reason
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?\b/g, '…')
    // numbers of invoices and contracts: F-2026-0042
    .replace(/\b[A-Z]{1,4}-\d{4}-\d+\b/g, '…')
    .replace(/\b[0-9a-f]{32,64}\b/gi, '…')
    .replace(/\b\d{4,}\b/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
