import { clientName, contactName, greeting } from './client-names.ts';

const company = { raisonSociale: 'Boulangerie Le Fournil SARL', prenom: 'Marc', nom: 'Dupont' };
const nobody = { ...company, prenom: '', nom: '' };
const person = { prenom: 'Zoé', nom: 'Lefèvre', raisonSociale: '' };
/** A company that was recorded with a nom only. */
const former = { prenom: '', nom: 'Atelier Lefèvre SARL' };

test.each([
  ['a company with a contact', company, 'Boulangerie Le Fournil SARL', 'Marc Dupont', 'Bonjour Marc,'],
  ['a company without', nobody, 'Boulangerie Le Fournil SARL', '', 'Madame, Monsieur,'],
  [
    'as its event says it',
    { ...nobody, nom: nobody.raisonSociale },
    'Boulangerie Le Fournil SARL',
    '',
    'Madame, Monsieur,',
  ],
  ['a person', person, 'Zoé Lefèvre', '', 'Bonjour Zoé,'],
  ['a company of before', former, 'Atelier Lefèvre SARL', '', 'Madame, Monsieur,'],
  ['with blanks', { prenom: ' ', nom: ' Test ' }, 'Test', '', 'Madame, Monsieur,'],
])('%s', (_, client, name, contact, begins) => {
  expect(clientName(client)).toBe(name);
  expect(contactName(client)).toBe(contact);
  expect(greeting(client)).toBe(begins);
});
