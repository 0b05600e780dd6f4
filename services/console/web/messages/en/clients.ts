import type { clients as fr } from '../fr/clients.ts';

export const clients: typeof fr = {
  clients: {
    titre: 'Clients',
    filtre: 'Filter',
    filtreAide: 'Name, contact, e-mail, SIREN, reference',
    responsable: 'Account manager',
    tous: 'All',
    colonnes: {
      client: 'Client',
      reference: 'Reference',
      contact: 'Contact',
      siren: 'SIREN',
      responsable: 'Account manager',
      organisation: 'Organisation',
      etat: 'State',
    },
    bloque: 'No retries',
    sansRelance: 'No reminders',
    adresseRefusee: 'Address refused',
    messageRefuse: 'Last mail refused',
    aucun: 'No client matches.',
    aucunEncore: 'This organisation has no clients yet.',
    charges: (nombre, ecrit, encore) =>
      `${ecrit} ${nombre > 1 ? 'clients' : 'client'}${encore ? ', and more below' : ''}`,
    exporter: 'Export as CSV',
    effacer: 'Clear the filters',
  },
  vues: {
    titre: 'Saved views',
    garder: 'Save this view',
    nom: 'Name of the view',
    aide: 'It is kept in this browser. The address of the page is the view: it can also be sent.',
    gardee: (nom) => `View saved: ${nom}`,
    oublier: (nom) => `Forget the view ${nom}`,
  },
};
