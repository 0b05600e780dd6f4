import type { RuleWords } from './rule-sentence.ts';

const NBSP = '\u00a0';
/** Without cents where there are none: people write "20 €". */
const euros = (locale: string) => (cents: number) =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: cents % 100 === 0 ? 0 : 2,
  }).format(cents / 100);
const counted = (one: string, many: string) => (count: number) => `${count}${NBSP}${count > 1 ? many : one}`;

/** The words of sentences about rules, in French. */
export const frenchRules: RuleWords = {
  jours: counted('jour', 'jours'),
  heures: counted('heure', 'heures'),
  minutes: counted('minute', 'minutes'),
  secondes: counted('seconde', 'secondes'),
  et: 'et',
  deuxPoints: (quand, quoi) => `${quand}${NBSP}: ${quoi}`,
  apresFacture: (delai) => `${delai} après la facture`,
  apresEcheance: (delai) => `${delai} après l’échéance`,
  jourPlus: (jours) => `J+${jours}`,
  a: (heure) => `à ${heure}`,
  touteHeure: 'à toute heure',
  tousLesJours: 'week-ends et jours fériés compris',
  siAuMoins: (montant) => `si au moins ${montant}`,
  malgrePrelevement: 'même si un prélèvement la couvre',
  espacement: (duree) => `${duree} au moins après la dernière relance du client`,
  sansEspacement: 'sans attendre après la dernière relance du client',
  modeles: {
    rappel: 'mail «\u00a0Rappel\u00a0»',
    relance: 'mail «\u00a0Relance\u00a0»',
    'mise-en-demeure': 'mail «\u00a0Mise en demeure\u00a0»',
  },
  appel: 'appel du chargé de clientèle',
  lettre: 'lettre de mise en demeure à poster',
  heure: (heures, minutes) => `${heures}${NBSP}h${minutes ? NBSP + String(minutes).padStart(2, '0') : ''}`,
  euros: euros('fr-FR'),
  presentation: (rang) => `${rang}e`,
  representations: (codes, liste) => `${codes}${NBSP}: présentations ${liste} après le rejet`,
  sansRepresentation: (codes) => `${codes}${NBSP}: aucune nouvelle présentation`,
  remise: (heure) => `remises à ${heure}`,
  auPlusTard: (jours) => `rien après ${jours}`,
  suivi: (delai, rappel) =>
    `Tâche ${delai} après la création du client, rappel ${rappel} plus tard si elle est ouverte`,
  aussitot: 'aussitôt',
};

/** The same in English. */
export const englishRules: RuleWords = {
  jours: counted('day', 'days'),
  heures: counted('hour', 'hours'),
  minutes: counted('minute', 'minutes'),
  secondes: counted('second', 'seconds'),
  et: 'and',
  deuxPoints: (quand, quoi) => `${quand}: ${quoi}`,
  apresFacture: (delai) => `${delai} after the invoice`,
  apresEcheance: (delai) => `${delai} after the due date`,
  jourPlus: (jours) => `D+${jours}`,
  a: (heure) => `at ${heure}`,
  touteHeure: 'at any hour',
  tousLesJours: 'weekends and holidays too',
  siAuMoins: (montant) => `if at least ${montant}`,
  malgrePrelevement: 'even if a debit covers it',
  espacement: (duree) => `at least ${duree} after the client’s last reminder`,
  sansEspacement: 'without a wait after the client’s last reminder',
  modeles: {
    rappel: '“Rappel” e-mail',
    relance: '“Relance” e-mail',
    'mise-en-demeure': '“Mise en demeure” e-mail',
  },
  appel: 'call by the account manager',
  lettre: 'formal notice, a letter to post',
  heure: (heures, minutes) => `${heures}:${String(minutes).padStart(2, '0')}`,
  euros: euros('en-GB'),
  presentation: (rang) => `${rang}${rang === 2 ? 'nd' : rang === 3 ? 'rd' : 'th'}`,
  representations: (codes, liste) => `${codes}: presentations ${liste} after the rejection`,
  sansRepresentation: (codes) => `${codes}: never presented again`,
  remise: (heure) => `submitted at ${heure}`,
  auPlusTard: (jours) => `nothing after ${jours}`,
  suivi: (delai, rappel) =>
    `Task ${delai} after the client is created, reminder ${rappel} later if it is open`,
  aussitot: 'at once',
};
