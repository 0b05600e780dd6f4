/** What of a client says how it is called; `raisonSociale` is left out by what was recorded before clients had one. */
export type NamedClient = { nom: string; prenom: string; raisonSociale?: string | undefined };

/** How a client is called in a sentence, a list, an address: a company by its name, a person by theirs. */
export const clientName = (client: NamedClient): string => client.raisonSociale || personName(client);

/** The person to speak to at a company; empty: the client is a person, or nobody is known there. */
export const contactName = (client: NamedClient): string => {
  const person = personName(client);
  return client.raisonSociale && person !== client.raisonSociale ? person : '';
};

/**
 * How a letter or an e-mail to a client begins. Only a first name is certain to be a person's: without one, `nom` may
 * be a company's and nobody is greeted by it.
 */
export const greeting = ({ prenom }: Pick<NamedClient, 'prenom'>): string =>
  prenom.trim() ? `Bonjour ${prenom.trim()},` : 'Madame, Monsieur,';

const personName = ({ prenom, nom }: NamedClient): string =>
  [prenom, nom]
    .map((name) => name.trim())
    .filter(Boolean)
    .join(' ');
