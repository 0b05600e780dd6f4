const PARIS = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/Paris',
});

/** An instant as operators read it: "le 1 juin 2026 à 09:00". */
export const inWords = (at: Date): string => `le ${PARIS.format(at)}`;
