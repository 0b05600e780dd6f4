/** Words of the pieces that pages are made of. */
export const ui = {
  enCours: 'Un instant…',
  telecharge: (nom: string) => `Téléchargé : ${nom}`,
  champs: {
    obligatoire: 'À remplir.',
    invalide: 'Ce n’est pas écrit comme il faut.',
    motif: 'Motif',
    motifFacultatif: 'Motif (facultatif)',
    motifAide: 'Il est écrit dans l’historique, avec votre nom.',
    motifManque: 'Écrivez le motif.',
    montantInvalide: 'Écrivez un montant en euros : 1 240,50.',
    montantTropGrand: (montant: string) => `Au plus ${montant} €.`,
    pasAvant: (jour: string) => `Pas avant le ${jour}.`,
    pasApres: (jour: string) => `Pas après le ${jour}.`,
  },
  tableau: {
    selection: 'Sélection',
    choisir: (nom: string) => `Choisir ${nom}`,
    choisirAffichees: (nombre: string) => `Choisir les ${nombre} lignes affichées`,
    choisies: (nombre: number, ecrit: string, toutes: boolean) =>
      nombre === 0
        ? 'Rien n’est choisi.'
        : toutes
          ? `${ecrit} choisies : tout ce qui correspond au filtre`
          : nombre > 1
            ? `${ecrit} choisies`
            : '1 choisie',
    choisirToutes: (nombre: string) => `Choisir les ${nombre} qui correspondent au filtre`,
    neRienChoisir: 'Ne rien choisir',
    trier: 'Trier par',
    croissant: (titre: string) => `${titre}, croissant`,
    decroissant: (titre: string) => `${titre}, décroissant`,
  },
};
