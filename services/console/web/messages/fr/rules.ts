import { frenchRules } from '../../rules/rule-words.ts';

/** Words of Règles. */
export const rules = {
  regles: {
    titre: 'Règles',
    aide: 'Ce qui part, quand et à quelles conditions. Ce qui court garde ses règles jusqu’à ce qu’on le déplace.',
    vue: 'Genre de règles',
    vues: { relances: 'Relances', representations: 'Représentations', suivis: 'Premiers suivis' },
    origines: (origine: string, organisation: string): string =>
      origine === ''
        ? 'Personne n’a de règles à soi : celles-ci viennent avec Suivi. Les enregistrer en fait celles de cette organisation.'
        : origine === organisation
          ? 'Règles propres à cette organisation.'
          : 'Cette organisation suit les règles communes (« default »). Les enregistrer en fait les siennes.',
    niveaux: 'Niveaux de relance',
    modifier: 'Modifier',
    modifierNiveau: (niveau: number) => `Modifier le niveau ${niveau}`,
    supprimerNiveau: (niveau: number) => `Retirer le niveau ${niveau}`,
    ajouter: '+ Ajouter un niveau',
    abandonner: 'Abandonner les changements',
    simuler: 'Voir ce que cela change',
    sansSimulation: 'La simulation n’a pas répondu : vous enregistreriez sans avoir vu ce que cela change.',
    enregistrer: 'Enregistrer les règles',
    enregistrees: 'Les règles sont enregistrées.',
    suivisAide: 'Les premiers suivis déjà prévus gardent la règle avec laquelle ils ont commencé.',
    phrases: frenchRules,
    champs: {
      delai: 'Délai',
      delaiAide: '15 ou 15 j : des jours. Aussi : 2 h, 20 j 10 h.',
      delaiInvalide: 'Écrivez un délai : 15 j, 2 h ou 20 j 10 h.',
      base: 'Compté depuis',
      bases: { 1: 'la date de la facture', 2: 'l’échéance' },
      canal: 'Ce qui se passe',
      canaux: { 1: 'Un mail au client', 2: 'Un appel à passer', 3: 'Une lettre à poster' },
      modele: 'Ton du mail',
      modeles: { rappel: 'Rappel', relance: 'Relance', 'mise-en-demeure': 'Mise en demeure' },
      ouverture: 'À partir de',
      fermeture: 'Jusqu’à',
      heureInvalide: 'Écrivez une heure : 9 h ou 09:30.',
      fermetureInvalide: 'Plus tard que le début ; 0 h pour minuit.',
      montantMinimum: 'Seulement à partir de',
      montantMinimumAide: 'En dessous, le niveau est sauté. Vide : toujours.',
      espacement: 'Distance',
      espacementAide: 'Après la dernière relance du client.',
      tousLesJours: 'Aussi les week-ends et jours fériés',
      malgrePrelevement: 'Même si un prélèvement couvre la facture',
      delaisJours: 'Jours après le rejet',
      delaisJoursAide: 'Croissants : 5, 10, 20.',
      delaisJoursInvalides: 'Des jours croissants, de 1 à 365 : 5, 10, 20.',
      delaisTropTard: (jours: number) => `Rien ne part après J+${jours} : voyez « Au plus tard ».`,
      maxTentatives: 'Nouvelles présentations, au plus',
      maxJoursTotal: 'Au plus tard, en jours après le rejet',
      nombreInvalide: (plus: number) => `Un nombre de 1 à ${plus}.`,
      heureLimite: 'Remises à',
      codes: 'Autres motifs représentés',
      codesAide: 'En plus d’AM04 : MS03, par exemple.',
      codesInvalides: 'Des codes de quatre signes : MS03.',
      delaiSuivi: 'Tâche après la création du client',
      delaiRappel: 'Rappel après la tâche',
    },
    simulation: {
      titre: 'Ce que cela change',
      enCours: (factures: string) => `${factures} factures vues…`,
      resume: (ecrit: string, nombre: number, jour: string) =>
        nombre > 1
          ? `Sur ${ecrit} factures ouvertes, d’ici le ${jour}, si tout passait à ces règles :`
          : nombre === 1
            ? `Sur la facture ouverte, d’ici le ${jour}, si tout passait à ces règles :`
            : `Aucune facture ouverte n’est suivie : rien ne bouge d’ici le ${jour}.`,
      differences: (bilan: {
        avancees: number;
        retardees: number;
        supprimees: number;
        ajoutees: number;
        changees: number;
      }) => {
        const said = [
          [bilan.avancees, 'plus tôt'],
          [bilan.retardees, 'plus tard'],
          [bilan.supprimees, bilan.supprimees > 1 ? 'supprimés' : 'supprimé'],
          [bilan.ajoutees, 'en plus'],
          [bilan.changees, bilan.changees > 1 ? 'changés' : 'changé'],
        ].flatMap(([count, words]) => (count ? [`${count} ${words}`] : []));
        return said.length > 0 ? `${said.join(', ')}.` : 'rien ne change.';
      },
      mesure: 'Ce que montre l’image',
      mails: 'Mails',
      montants: 'Montants demandés',
      prelevements: 'Prélèvements',
      image: (mesure: string) =>
        `${mesure} par jour, avant et après ; le tableau par jour dit les mêmes nombres.`,
      tableau: 'Tableau par jour',
      jour: 'Jour',
      avant: 'Avant',
      apres: 'Après',
      mailsAvant: 'Mails avant',
      mailsApres: 'Mails après',
      montantsAvant: 'Demandé avant',
      montantsApres: 'Demandé après',
      prelevementsAvant: 'Prélevé avant',
      prelevementsApres: 'Prélevé après',
      parFacture: 'Facture par facture',
      facture: 'Facture',
      client: 'Client',
      quoi: 'Quoi',
      nature: 'Changement',
      plusTot: 'plus tôt',
      plusTard: 'plus tard',
      natures: { 2: 'supprimé', 3: 'en plus', 4: 'changé' } as Record<number, string>,
      rien: 'Rien.',
    },
    migration: {
      titre: 'Ce qui court déjà',
      lecture: 'Lecture de ce qui court…',
      aucune: 'Rien de ce qui court ne serait différent avec ces règles.',
      concernees: (nombre: number, total: string) =>
        nombre > 1
          ? `${nombre} sur ${total} en cours suivent encore les anciennes règles et changeraient.`
          : `1 sur ${total} en cours suit encore les anciennes règles et changerait.`,
      impossibles: (nombre: number) =>
        nombre > 1 ? `${nombre} ne peuvent pas être déplacées.` : '1 ne peut pas être déplacée.',
      laisser: 'Laisser comme c’est',
      deplacer: (nombre: number) =>
        nombre > 1 ? `Déplacer les ${nombre} aux nouvelles règles` : 'La déplacer aux nouvelles règles',
      continuer: 'Continuer',
      enCours: 'Déplacement…',
      facture: 'Facture',
      client: 'Client',
      montant: 'Montant',
      avant: 'Prochaine, avant',
      apres: 'Prochaine, après',
      sansDate: 'sans date',
      plusRien: 'plus rien',
      resultat: 'Résultat',
      message: 'Pourquoi',
      prochaine: 'Prochaine',
      issues: {
        1: 'déplacée',
        2: 'possible',
        3: 'refusée',
        4: 'introuvable',
        5: 'sans réponse',
        6: 'pas atteinte',
      } as Record<number, string>,
      faites: (nombre: number) => (nombre > 1 ? `${nombre} déplacées.` : `${nombre} déplacée.`),
      pasFaites: (nombre: number) => (nombre > 1 ? `${nombre} ne l’ont pas été.` : '1 ne l’a pas été.'),
    },
    entreTemps: {
      dit: (auteur: string, quand: string, motif: string) =>
        `${auteur} a enregistré d’autres règles le ${quand}${motif && ` (${motif})`}. Ce que vous avez écrit est encore là.`,
      prendre: 'Prendre les siennes',
      garder: 'Garder les miennes',
    },
    historique: {
      titre: 'Qui a changé les règles',
      aucun: 'Personne ne les a changées.',
      rien: 'Enregistrées sans changement.',
      plusDePropres: 'Plus de règles propres : celles de « default ».',
    },
    apercus: {
      titre: 'Ce que disent les mails',
      modeles: {
        rappel: 'Rappel',
        relance: 'Relance',
        'mise-en-demeure': 'Mise en demeure',
        'relance-groupee': 'Relance groupée',
        'avant-reessai': 'Avant une représentation',
        'reessai-echoue': 'Représentation rejetée',
        'reessais-epuises': 'Fin des représentations',
      } as Record<string, string>,
    },
  },
};
