/** The names of a client. `raisonSociale` is missing in old records. */
export type NamedClient = { nom: string; prenom: string; raisonSociale?: string | undefined };

/** The name of a client in sentences, lists and addresses: the company's name, or the person's. */
export const clientName = (client: NamedClient): string => client.raisonSociale || personName(client);

/** A company's contact. Empty: the client is a person, or no contact is known. */
export const contactName = (client: NamedClient): string => {
  const person = personName(client);
  return client.raisonSociale && person !== client.raisonSociale ? person : '';
};

/**
 * The greeting of a letter or an e-mail. Only a first name certainly belongs to a person; `nom` alone may be
 * a company's name, and is not used for greeting.
 */
export const greeting = ({ prenom }: Pick<NamedClient, 'prenom'>): string =>
  prenom.trim() ? `Bonjour ${prenom.trim()},` : 'Madame, Monsieur,';

const personName = ({ prenom, nom }: NamedClient): string =>
  [prenom, nom]
    .map((name) => name.trim())
    .filter(Boolean)
    .join(' ');
