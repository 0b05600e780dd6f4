import type { ui as fr } from '../fr/ui.ts';

export const ui: typeof fr = {
  enCours: 'One moment…',
  telecharge: (nom) => `Downloaded: ${nom}`,
  champs: {
    obligatoire: 'Fill this in.',
    invalide: 'This is not written as it should be.',
    motif: 'Reason',
    motifFacultatif: 'Reason (optional)',
    motifAide: 'It is kept in the history, with your name.',
    motifManque: 'Write the reason.',
    montantInvalide: 'Write an amount in euros: 1240.50.',
    montantTropGrand: (montant) => `At most €${montant}.`,
    pasAvant: (jour) => `Not before ${jour}.`,
    pasApres: (jour) => `Not after ${jour}.`,
  },
  tableau: {
    selection: 'Selection',
    choisir: (nom) => `Select ${nom}`,
    choisirAffichees: (nombre) => `Select the ${nombre} rows shown`,
    choisies: (nombre, ecrit, toutes) =>
      nombre === 0
        ? 'Nothing is selected.'
        : toutes
          ? `${ecrit} selected: everything that matches the filter`
          : `${ecrit} selected`,
    choisirToutes: (nombre) => `Select the ${nombre} that match the filter`,
    neRienChoisir: 'Select nothing',
    trier: 'Sort by',
    croissant: (titre) => `${titre}, ascending`,
    decroissant: (titre) => `${titre}, descending`,
  },
};
