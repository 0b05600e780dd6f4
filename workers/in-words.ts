import { formatInstant } from '@crm/domain';

/** An instant in Paris as an answer to "quand": "le 1er juin 2026 à 09:00". */
export const inWords = (at: Date): string => `le ${formatInstant(at)}`;
