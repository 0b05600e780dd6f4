import { Tache } from '@crm/proto/activites/activites';
import { Prelevement, StatutPaiement } from '@crm/proto/payments/payments';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { debitLines } from './debit-lines.ts';
import { durationInWords } from './in-words.ts';
import { taskLines } from './task-lines.ts';

const window = { now: new Date('2026-06-02T08:00:00Z'), du: '2026-06-02', au: '2026-06-30' };
const plain = ({ libelle, pourquoi, arret }: EcheanceAgenda) =>
  [libelle, pourquoi, arret].map((text) => text.replaceAll('\u00a0', ' '));

test.each([
  ['P1D', '1 jour'],
  ['P7D', '7 jours'],
  ['PT3S', 'PT3S'],
])('%s is %s', (delai, words) => {
  expect(durationInWords(delai).replaceAll('\u00a0', ' ')).toBe(words);
});

test.each([
  [1, '1 jour avant le prélèvement, mandat RUM-1'],
  [14, '14 jours avant le prélèvement, mandat RUM-1'],
])('a client is told of a debit %i day(s) before', (prenotificationJours, why) => {
  const paiement = {
    ...{ id: 'p-1', montant: 100n, datePrevue: '2026-06-15', tentative: 1 },
    statut: StatutPaiement.PLANIFIE,
  };
  const debit = { paiement, prenotificationLe: '2026-06-14', prenotificationJours, rum: 'RUM-1' };
  const lines = debitLines([Prelevement.fromPartial(debit)], new Map(), window);
  const told = lines.find(({ genre }) => genre === GenreEcheance.MAIL_PRENOTIFICATION)!;
  expect(plain(told)[1]).toBe(why);
});

test('a debit that the bank has is stopped by nothing', () => {
  const paiement = { id: 'p-1', montant: 100n, datePrevue: '2026-06-15', statut: StatutPaiement.EMIS };
  const [debit] = debitLines([Prelevement.fromPartial({ paiement })], new Map(), window);
  expect(plain(debit!)[2]).toBe('rien : la banque l’a reçu');
});

test('a task says whose it is and what it is about, in one line, cut between two characters', () => {
  const description = `${'x'.repeat(197)}\n\nT👍👍`;
  const tache = { titre: 'Appeler Zoé', assigneA: 'u-1', description, echeance: new Date('2026-06-15') };
  const [line] = taskLines([Tache.fromPartial(tache)], window);
  expect(plain(line!).slice(0, 2)).toEqual([
    'Tâche : Appeler Zoé',
    `échéance de la tâche, assignée à u-1 : ${'x'.repeat(197)} T👍`,
  ]);
});
