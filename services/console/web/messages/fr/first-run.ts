type Bilan = {
  aCreer: number;
  creees: number;
  existantes: number;
  repetees: number;
  sansObjet: number;
  enFaute: number;
};

const lines = (count: number, one: string, many: string): string[] =>
  count > 0 ? [`${count} ${count > 1 ? many : one}`] : [];

/** Words of the first run. */
export const firstRun = {
  demarrage: {
    titre: 'Démarrer',
    aide: 'D’une organisation vide à des relances qui partent. On peut s’arrêter et reprendre plus tard : ce qui existe déjà est fait.',
    etapes: 'Étapes',
    avancement: (faites: number, total: number) => `${faites} étapes faites sur ${total}.`,
    termine: 'Tout est en place.',
    commencerOu: 'Démarrer une organisation, ou jouer la démonstration',
    agenda: 'Voir l’agenda',
    ouvrirEtape: (titre: string) => `Ouvrir ou fermer : ${titre}`,
    etats: { faite: 'fait', ensuite: 'ensuite', facultative: 'facultatif', plusTard: 'plus tard' },
    titres: {
      societe: 'La société',
      creancier: 'Le créancier',
      regles: 'Les règles de relance',
      clients: 'Les clients',
      factures: 'Les factures ouvertes',
      relances: 'Les relances commencent',
    },
    aides: {
      societe: 'Au nom de qui partent factures et mails.',
      creancier:
        'Pour prélever : l’identifiant que la banque a donné (ICS) et le compte. Sans lui, on relance, on ne prélève pas.',
      regles: 'Ce qui part, et quand. On peut commencer par celles-ci et les changer ensuite.',
      clients: 'Ceux que vous avez déjà : ils ne reçoivent pas de bienvenue.',
      factures: 'Celles qui ne sont pas payées, sous leurs numéros. Rien n’est envoyé par l’import.',
      relances: 'Rien ne part avant que vous ne l’ayez vu et commencé ici.',
    },
    organisation: {
      titre: 'Une nouvelle organisation',
      aide: 'Ou choisissez-en une en haut, pour continuer ce qui est commencé.',
      nom: 'Nom',
      code: 'Code (facultatif)',
      codeAide: 'Le nom par lequel d’autres logiciels la connaissent.',
      email: 'E-mail (facultatif)',
      creer: 'Créer l’organisation',
      creee: 'L’organisation est créée.',
    },
    societe: {
      raisonSociale: 'Raison sociale',
      formeJuridique: 'Forme juridique',
      siren: 'SIREN',
      sirenInvalide: 'Neuf chiffres : 542 051 180.',
      numeroTva: 'Numéro de TVA',
      adresse: 'Adresse',
      contact: 'Contact pour les clients',
      contactAide: 'Écrit au bas des mails : un nom, un numéro.',
      expediteurNom: 'Nom de l’expéditeur',
      expediteurAdresse: 'Adresse d’envoi',
      expediteurAide: 'Vide : celle de la plateforme.',
      replyTo: 'Réponses à',
      creer: 'Enregistrer la société',
      creee: 'La société est enregistrée.',
    },
    creancier: {
      nom: 'Nom du titulaire',
      ics: 'ICS',
      icsAide: 'Identifiant créancier SEPA : FR72ZZZ123456.',
      iban: 'IBAN',
      bic: 'BIC (facultatif)',
      creer: 'Enregistrer le créancier',
      cree: 'Le créancier est enregistré.',
    },
    regles: {
      prendre: 'Prendre ces règles',
      prises: 'Les règles sont en vigueur.',
      motif: 'règles proposées au démarrage',
      ecrire: 'Écrire les miennes',
    },
    fichier: {
      aide: {
        clients:
          'Un fichier CSV, comme Excel ou votre logiciel l’exporte. D’abord on regarde, rien n’est créé.',
        factures: 'Un fichier CSV des factures ouvertes. D’abord on regarde, rien n’est créé ni envoyé.',
      },
      choisir: { clients: 'Fichier des clients', factures: 'Fichier des factures ouvertes' },
      colonnes: {
        clients:
          'Colonnes : Raison sociale ou Nom, et si possible Code client, SIREN, E-mail, Téléphone, Adresse.',
        factures:
          'Colonnes : N° facture, Date facture, Échéance, Client ou Code client, Montant TTC, Restant dû.',
      },
      tropGrand: 'Le fichier a plus de 4 Mo : partagez-le en plusieurs.',
      lecture: 'Lecture…',
      import: 'Import…',
      bilan: (bilan: Bilan): string =>
        [
          ...lines(bilan.creees, 'importée', 'importées'),
          ...lines(bilan.aCreer, 'à importer', 'à importer'),
          ...lines(bilan.enFaute, 'en faute', 'en faute'),
          ...lines(bilan.existantes, 'existe déjà', 'existent déjà'),
          ...lines(bilan.repetees, 'répétée', 'répétées'),
          ...lines(bilan.sansObjet, 'sans objet', 'sans objet'),
        ].join(', ') || 'aucune ligne',
      importees: (nombre: number) =>
        nombre > 1 ? `${nombre} lignes importées.` : `${nombre} ligne importée.`,
      importer: (nombre: number) => (nombre > 1 ? `Importer les ${nombre} lignes` : 'Importer la ligne'),
      importerSauf: (bonnes: number, fautives: number) =>
        `Importer ${bonnes > 1 ? `les ${bonnes} bonnes lignes` : 'la bonne ligne'}, laisser ${fautives > 1 ? `les ${fautives} fautives` : 'la fautive'}`,
      corriger:
        'Corrigez le fichier et choisissez-le de nouveau : ce qui est déjà importé n’est pas importé deux fois.',
      lignes: 'Lignes du fichier',
      seulementFautives: (nombre: number) =>
        nombre > 1 ? `Seulement les ${nombre} lignes en faute` : 'Seulement la ligne en faute',
      ligne: 'Ligne',
      quoi: 'Quoi',
      sort: 'Ce qu’elle devient',
      fautes: 'Ce qui ne va pas',
      sorts: {
        1: 'à importer',
        2: 'importée',
        3: 'existe déjà',
        4: 'répétée',
        5: 'sans objet',
        6: 'en faute',
      } as Record<number, string>,
      aucune: 'Aucune ligne.',
    },
    reprise: {
      sansRelances: (ecrit: string, nombre: number) =>
        nombre > 1
          ? `${ecrit} factures ouvertes n’ont pas encore de relances.`
          : nombre === 1
            ? 'Une facture ouverte n’a pas encore de relances.'
            : 'Toutes les factures ouvertes ont leurs relances.',
      partirait: (jour: number, semaine: number, mois: number) =>
        `Partiraient : ${jour} aujourd’hui, ${semaine} d’ici sept jours, ${mois} d’ici trente jours.`,
      tropAnciennes: (nombre: number) =>
        nombre > 1
          ? `Pour ${nombre}, tous les niveaux sont passés : rien ne partira.`
          : 'Pour une, tous les niveaux sont passés : rien ne partira.',
      aide: 'Les niveaux dont le jour est passé sont laissés : personne ne reçoit d’un coup ce qui aurait dû partir avant.',
      image: 'Mails par jour pendant trente jours ; le tableau les nomme.',
      mails: 'Mails',
      enCours: 'Les relances commencent…',
      commencer: (nombre: number) =>
        nombre > 1 ? `Commencer les relances de ${nombre} factures` : 'Commencer ses relances',
      commencees: (nombre: number) =>
        nombre > 1 ? `Les relances de ${nombre} factures ont commencé.` : 'Les relances ont commencé.',
      table: 'Ce qui partirait dans les trente jours',
      quand: 'Quand',
      facture: 'Facture',
      client: 'Client',
      quoi: 'Quoi',
      montant: 'Montant',
      rien: 'Rien ne partirait dans les trente jours.',
    },
    demo: {
      titre: 'Démonstration',
      nom: 'Démonstration (à jeter)',
      aide: 'Une organisation d’exemple : cinq clients, onze factures, des règles, deux prélèvements rejetés. Ses adresses finissent par .invalid, qu’aucun serveur ne reçoit, et elle n’a pas de créancier : rien ne peut aller à la banque. On la jette d’un bouton : ce qui court est annulé, et elle disparaît des listes. Ses factures restent en base, comme toutes.',
      estUne: 'Ceci est une démonstration : clients et factures sont inventés.',
      jouer: 'Jouer la démonstration',
      jouee: 'La démonstration est en place.',
      jeter: 'Jeter',
      jeterNom: (code: string) => `Jeter la démonstration ${code}`,
      jetee: 'La démonstration est jetée.',
      motif: 'démonstration jetée',
      etapes: [
        'L’organisation et sa société…',
        'Les règles…',
        'Les clients…',
        'Les factures ouvertes…',
        'Les relances commencent…',
        'Deux prélèvements sont rejetés…',
      ],
    },
  },
};
