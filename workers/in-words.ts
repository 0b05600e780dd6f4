import { formatInstant } from '@crm/domain';

/** An instant as an answer to when, in Paris: "le 1er juin 2026 à 09:00". */
export const inWords = (at: Date): string => `le ${formatInstant(at)}`;
