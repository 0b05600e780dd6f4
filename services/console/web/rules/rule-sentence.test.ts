import {
  followUpSentence,
  levelSentence,
  policySentence,
  type SentencedLevel,
  type SentencedPolicy,
} from './rule-sentence.ts';
import { englishRules, frenchRules } from './rule-words.ts';

const LEVEL: SentencedLevel = {
  ...{ base: 1, delai: 'P15D', modele: 'rappel', canal: 1, ouverture: '09:00', fermeture: '19:00' },
  ...{ tousLesJours: false, espacement: 'PT24H', malgrePrelevement: false, montantMinimum: 0 },
};
const POLICY: SentencedPolicy = {
  ...{ delaisJours: [5, 10, 20], maxTentatives: 3, maxJoursTotal: 30, heureLimite: '10:00' },
  codesSupplementaires: [],
};
/** Spaces that do not break are written as others here. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test.each<[Partial<SentencedLevel>, string, string]>([
  [
    { montantMinimum: 2_000 },
    'J+15 après la facture, à 9 h, si au moins 20 € : mail « Rappel »',
    'D+15 after the invoice, at 9:00, if at least €20: “Rappel” e-mail',
  ],
  [
    { base: 2, delai: 'P1D', modele: 'mise-en-demeure', ouverture: '08:30', montantMinimum: 1_250 },
    'J+1 après l’échéance, à 8 h 30, si au moins 12,50 € : mail « Mise en demeure »',
    'D+1 after the due date, at 8:30, if at least €12.50: “Mise en demeure” e-mail',
  ],
  [
    { delai: 'P20DT10H', ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' },
    '20 jours et 10 heures après la facture, à toute heure, week-ends et jours fériés compris, sans attendre après la dernière relance du client : mail « Rappel »',
    '20 days and 10 hours after the invoice, at any hour, weekends and holidays too, without a wait after the client’s last reminder: “Rappel” e-mail',
  ],
  [
    { delai: 'PT1M', canal: 2, modele: '', espacement: 'P3D', malgrePrelevement: true },
    '1 minute après la facture, à 9 h, même si un prélèvement la couvre, 3 jours au moins après la dernière relance du client : appel du chargé de clientèle',
    '1 minute after the invoice, at 9:00, even if a debit covers it, at least 3 days after the client’s last reminder: call by the account manager',
  ],
  [
    { delai: 'P0D', canal: 3, modele: 'mise-en-demeure' },
    'J+0 après la facture, à 9 h : lettre de mise en demeure à poster',
    'D+0 after the invoice, at 9:00: formal notice, a letter to post',
  ],
  [
    { delai: '2 semaines', modele: 'inconnu' },
    '2 semaines après la facture, à 9 h : inconnu',
    '2 semaines after the invoice, at 9:00: inconnu',
  ],
])('a level %j', (level, french, english) => {
  expect(plain(levelSentence({ ...LEVEL, ...level }, frenchRules))).toBe(french);
  expect(plain(levelSentence({ ...LEVEL, ...level }, englishRules))).toBe(english);
});

test.each<[Partial<SentencedPolicy>, string, string]>([
  [
    {},
    'AM04 : présentations 2e J+5, 3e J+10, 4e J+20 après le rejet, remises à 10 h, rien après J+30',
    'AM04: presentations 2nd D+5, 3rd D+10, 4th D+20 after the rejection, submitted at 10:00, nothing after D+30',
  ],
  [
    // two of three, and none after the limit
    { maxTentatives: 2, maxJoursTotal: 8, codesSupplementaires: ['MS03', 'MS02'] },
    'AM04, MS03 et MS02 : présentations 2e J+5 après le rejet, remises à 10 h, rien après J+8',
    'AM04, MS03 and MS02: presentations 2nd D+5 after the rejection, submitted at 10:00, nothing after D+8',
  ],
  [{ maxTentatives: 0 }, 'AM04 : aucune nouvelle présentation', 'AM04: never presented again'],
])('a policy %j', (policy, french, english) => {
  expect(plain(policySentence({ ...POLICY, ...policy }, frenchRules))).toBe(french);
  expect(plain(policySentence({ ...POLICY, ...policy }, englishRules))).toBe(english);
});

test('a rule for first follow-ups', () => {
  const rule = { delai: 'P7D', delaiRappel: 'PT5S' };
  expect(plain(followUpSentence(rule, frenchRules))).toBe(
    'Tâche 7 jours après la création du client, rappel 5 secondes plus tard si elle est ouverte',
  );
  expect(plain(followUpSentence(rule, englishRules))).toBe(
    'Task 7 days after the client is created, reminder 5 seconds later if it is open',
  );
});
