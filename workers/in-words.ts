const PARIS = new Intl.DateTimeFormat('fr-FR', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/Paris',
});

/** An instant as operators read it: "1 juin 2026 à 09:00". */
export const instantInWords = (at: Date): string => PARIS.format(at);

/** The same as an answer to when: "le 1 juin 2026 à 09:00". */
export const inWords = (at: Date): string => `le ${instantInWords(at)}`;
