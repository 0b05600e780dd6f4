/** Words of the list of clients. */
export const clients = {
  clients: {
    titre: 'Clients',
    filtre: 'Filtrer',
    filtreAide: 'Nom, contact, e-mail, SIREN, référence',
    responsable: 'Responsable',
    tous: 'Tous',
    colonnes: {
      client: 'Client',
      reference: 'Référence',
      contact: 'Contact',
      siren: 'SIREN',
      responsable: 'Responsable',
      organisation: 'Organisation',
      etat: 'État',
    },
    bloque: 'Pas de réessai',
    sansRelance: 'Sans relance',
    adresseRefusee: 'Adresse refusée',
    messageRefuse: 'Dernier mail refusé',
    aucun: 'Aucun client ne correspond.',
    aucunEncore: 'Cette organisation n’a pas encore de clients.',
    charges: (nombre: number, ecrit: string, encore: boolean) =>
      `${ecrit} ${nombre > 1 ? 'clients' : 'client'}${encore ? ', et d’autres plus bas' : ''}`,
    exporter: 'Exporter en CSV',
    effacer: 'Effacer les filtres',
  },
  vues: {
    titre: 'Vues gardées',
    garder: 'Garder cette vue',
    nom: 'Nom de la vue',
    aide: 'Elle est gardée dans ce navigateur. L’adresse de la page est la vue : elle peut aussi être envoyée.',
    gardee: (nom: string) => `Vue gardée : ${nom}`,
    oublier: (nom: string) => `Oublier la vue ${nom}`,
  },
};
