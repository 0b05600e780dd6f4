/** Words of the page on which one thing is done with many follow-ups. */
export const bulk = {
  lots: {
    titre: 'Actions groupées',
    aide: 'Seul ce qui est listé et choisi est touché, tel que vous l’avez vu.',
    suivi: 'Suivis',
    suivis: { relances: 'Relances', reessais: 'Réessais' },
    lecture: (lus: string) => `Lecture… ${lus} lus`,
    correspondent: (nombre: number, ecrit: string) =>
      nombre > 1 ? `${ecrit} suivis correspondent au filtre` : `${ecrit} suivi correspond au filtre`,
    relire: 'Relire',
    tropNombreux: (nombre: string) => `Seuls les ${nombre} premiers sont listés : resserrez le filtre.`,
    aucun: 'Aucun suivi ne correspond au filtre.',
    total: 'Total',
    inconnue: 'facture inconnue',
    sansDate: 'sans date',
    jours: (jours: number) => (jours > 1 ? `${jours} jours` : '1 jour'),
    enMarche: 'En cours',
    etats: {
      relances: [
        { id: '1', nom: 'En attente' },
        { id: '2', nom: 'En pause' },
      ],
      reessais: [
        { id: '1', nom: 'Planifiés' },
        { id: '2', nom: 'À la banque' },
      ],
    },
    statuts: {
      EN_ATTENTE: 'en attente',
      EN_PAUSE: 'en pause',
      ACHEVEE: 'achevées',
      SOLDEE: 'soldées',
      ANNULEE: 'annulées',
      PLANIFIE: 'planifié',
      EN_COURS: 'à la banque',
      ENCAISSE: 'encaissé',
      EPUISE: 'épuisé',
      ARRETE: 'arrêté',
    } as Record<string, string>,
    colonnes: {
      facture: 'Facture',
      client: 'Client',
      niveau: 'Niveau',
      presentation: 'Présentation',
      quand: 'Prochaine',
      statut: 'État',
      echeance: 'Échéance',
      responsable: 'Responsable',
      reste: 'Reste dû',
      montant: 'Montant',
    },
    motifRejet: 'Motif de rejet',
    echueDepuis: 'Échue depuis (jours)',
    seulementEnRetard: 'Seulement ce qui est en retard',
    commandes: {
      pause: {
        bouton: 'Mettre en pause',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Mettre en pause ${ecrit} relances` : 'Mettre une relance en pause',
        effet:
          'Aucune ne part avant la fin de la pause. Ce qui devait partir entre-temps part une fois, à la reprise.',
      },
      reprise: {
        bouton: 'Reprendre',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Reprendre ${ecrit} relances` : 'Reprendre une relance',
        effet: 'La pause prend fin : ce qui est dû part aux prochaines heures d’ouverture.',
      },
      saut: {
        bouton: 'Sauter le niveau',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Sauter le prochain niveau de ${ecrit} relances` : 'Sauter le prochain niveau',
        effet: 'Le prochain niveau de chacune ne partira pas ; le suivant devient le prochain.',
      },
      envoi: {
        bouton: 'Envoyer maintenant',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Envoyer maintenant ${ecrit} relances` : 'Envoyer une relance maintenant',
        effet:
          'Elles partent à leur tour, au rythme habituel, dès que l’heure et la distance à la dernière relance du client le permettent.',
      },
      annulation: {
        bouton: 'Annuler',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Annuler ${ecrit} relances` : 'Annuler une relance',
        effet:
          'Plus aucune relance de ces factures ne partira. Cela ne se défait pas. Ce qui reste dû ne change pas.',
      },
      maintenant: {
        bouton: 'Présenter maintenant',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Présenter maintenant ${ecrit} prélèvements` : 'Présenter un prélèvement maintenant',
        effet: 'La prochaine présentation de chacun est mise au premier jour ouvré possible.',
      },
      deplacer: {
        bouton: 'Déplacer',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Déplacer ${ecrit} présentations` : 'Déplacer une présentation',
        effet:
          'La prochaine présentation de chacun a lieu ce jour-là ; un jour fermé devient le jour ouvré suivant.',
      },
      arret: {
        bouton: 'Arrêter',
        titre: (nombre: number, ecrit: string) =>
          nombre > 1 ? `Arrêter ${ecrit} réessais` : 'Arrêter un réessai',
        effet: 'Ces prélèvements ne seront plus présentés. Ce qui reste dû ne change pas.',
      },
    },
    nouveauJour: 'Nouveau jour',
    simulation: 'simulation',
    choisis: (nombre: number, ecrit: string) => (nombre > 1 ? `${ecrit} suivis choisis` : '1 suivi choisi'),
    partis: (nombre: number) =>
      nombre > 1
        ? `Depuis que la liste a été lue, ${nombre} d’entre eux ne correspondent plus au filtre.`
        : 'Depuis que la liste a été lue, l’un d’eux ne correspond plus au filtre.',
    nouveaux: (nombre: number) =>
      nombre > 1
        ? `Depuis que la liste a été lue, ${nombre} autres correspondent au filtre : ils ne sont pas touchés.`
        : 'Depuis que la liste a été lue, un autre correspond au filtre : il n’est pas touché.',
    regarde: 'On regarde ce qui en adviendrait…',
    possibles: (possibles: number, refuses: number) =>
      refuses === 0
        ? 'Tous peuvent être faits.'
        : `${possibles} peuvent être faits, ${refuses} ${refuses > 1 ? 'seraient refusés' : 'serait refusé'}.`,
    seraientRefuses: 'Seraient refusés',
    lesquels: 'Lesquels',
    lignes: 'Lignes',
    etAutres: (nombre: string) => `et ${nombre} autres : le fichier des résultats les a tous.`,
    avancement: (faits: string, total: string) => `${faits} sur ${total}`,
    faites: (faites: number, total: number) => `${faites} sur ${total} faits`,
    bilan: (faites: number, refusees: number) =>
      `${faites} ${faites > 1 ? 'faits' : 'fait'}${refusees > 0 ? `, ${refusees} non faits : voici pourquoi` : ', aucun refus'}.`,
    reessayer: (nombre: number) => (nombre > 1 ? `Réessayer les ${nombre} non faits` : 'Réessayer'),
    enFichier: 'Résultats en CSV',
    fichier: 'actions-groupees',
    resultat: 'Résultat',
    pourquoi: 'Pourquoi',
    issues: {
      0: '',
      1: 'Fait',
      2: 'Possible',
      3: 'Refusé :',
      4: 'Introuvable.',
      5: 'Sans réponse à temps :',
      6: 'Pas atteint :',
    } as Record<number, string>,
  },
};
