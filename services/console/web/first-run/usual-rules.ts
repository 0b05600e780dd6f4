/** The rules that an organisation is offered when it begins: from friendly to firm, after the due date, not for trifles. */
export const USUAL_RULES = [
  { delai: 'P5D', modele: 'rappel' },
  { delai: 'P15D', modele: 'relance' },
  { delai: 'P30D', modele: 'mise-en-demeure' },
].map((level, index) => ({
  ...level,
  ...{ niveau: index + 1, base: 2, canal: 1, ouverture: '09:00', fermeture: '19:00', espacement: 'P3D' },
  ...{ tousLesJours: false, malgrePrelevement: false, montantMinimum: 2_000 },
}));
