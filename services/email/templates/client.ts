import { optional, text } from './variables.ts';

/** Whom a mail is for: a person, or a company with the person to speak to there. */
export const clientVariables = {
  /** Of the person, or of the company's contact; of a company of which nothing else is known, its name. */
  nom: text,
  prenom: optional(text),
  /** The company's name; left out: a person. */
  raisonSociale: optional(text),
};

export const clientSample = { prenom: 'Camille', nom: 'Lefèvre', raisonSociale: '' };
