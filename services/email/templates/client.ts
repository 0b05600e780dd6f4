import { optional, text } from './variables.ts';

/** The recipient: a person, or a company with a contact person. */
export const clientVariables = {
  /** The last name of the person or the company's contact; for a company without other data, its name. */
  nom: text,
  prenom: optional(text),
  /** The company's name. If omitted: a person. */
  raisonSociale: optional(text),
};

export const clientSample = { prenom: 'Camille', nom: 'Lefèvre', raisonSociale: '' };
