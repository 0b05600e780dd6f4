import type { search as fr } from '../fr/search.ts';

export const search: typeof fr = {
  recherche: {
    titre: (texte) => `Search: ${texte}`,
    champ: 'Search',
    aide: 'Find a client, an invoice, a contract, a mandate, an amount',
    quoi: 'Name, number, SIREN, RUM, amount…',
    comment:
      'A name, a contact, an e-mail address, a SIREN, an invoice number, a contract reference, a RUM, an amount such as 1240.50. A part of a word is enough; accents, case and spaces do not matter. All organisations are searched.',
    rien: (texte) => `Nothing matches “${texte}”.`,
    tout: 'See all results',
    encore: 'There are more: write more of it.',
    indisponible: 'Not known: the service does not answer.',
    groupes: {
      1: 'Clients',
      2: 'Invoices',
      3: 'Credit notes',
      4: 'Contracts',
      5: 'Mandates',
      6: 'Direct debits',
    },
    statuts: {
      EMISE: 'To be paid',
      PAYEE: 'Paid',
      ANNULEE: 'Credited',
      BROUILLON: 'Draft',
      SIGNE: 'Signed',
      RESILIE: 'Terminated',
      ACTIF: 'Active',
      REVOQUE: 'Revoked',
      PLANIFIE: 'Planned',
      EMIS: 'At the bank',
      ENCAISSE: 'Collected',
      REJETE: 'Rejected',
    },
    clientInconnu: 'Unknown client',
  },
  clavier: {
    titre: 'Keyboard',
    touches: [
      ['/', 'Search'],
      ['?', 'This help'],
      ['g then a, c, p, r, h, e', 'Today, Clients, Direct debits, Rules, Figures, Operations'],
      ['↑ ↓ Home End', 'Row of a table'],
      ['Enter', 'Open the row'],
      ['Space', 'Select the row'],
      ['Shift + ↑ ↓', 'Select several rows'],
      ['Ctrl + A', 'Select the rows shown'],
      ['Escape', 'Close'],
    ],
  },
};
