import { startOfDay } from '@crm/domain';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { NiveauRelance, StatutRelance } from '@crm/proto/relance/relance';
import type { AttenteRow } from './attente-rows.ts';
import { held } from './held-back.ts';

const whose = { organisationId: 'org', clientId: 'c', invoiceId: 'i' };
const reminders = {
  ...whose,
  statut: StatutRelance.EN_ATTENTE,
  niveaux: [NiveauRelance.fromPartial({ niveau: 1 })],
  prochainNiveau: 1,
};
const hold = (changes: Partial<AttenteRow>) =>
  ({
    ...whose,
    invoiceIds: [],
    echeances: [],
    motif: '',
    auteur: 'marie',
    ...changes,
  }) as unknown as AttenteRow;
const promise = (jugement: string) =>
  hold({
    genre: GenreAttente.ECHEANCIER,
    jugementAt: startOfDay(jugement),
    echeances: [
      { date: '2026-06-10', montant: '100', retardLe: '2026-06-13' },
      { date: '2026-07-10', montant: '100', retardLe: '2026-07-15' },
    ],
  });

test.each<[string, AttenteRow[], string | undefined, string | undefined]>([
  ['nothing', [], undefined, undefined],
  [
    'a promise, judged when its day is over, broken after the days of grace',
    [promise('2026-06-11')],
    '2026-06-11',
    '2026-06-13',
  ],
  ['late', [promise('2026-06-13')], '2026-06-13', '2026-06-13'],
  ['the first payment came: the second counts', [promise('2026-07-11')], '2026-07-11', '2026-07-15'],
  ['the bank has a debit for it: looked at daily', [promise('2026-07-16')], '2026-07-16', '2026-07-16'],
  [
    'a dispute until a day, and a promise: the last end counts',
    [hold({ genre: GenreAttente.LITIGE, jugementAt: startOfDay('2026-06-12') }), promise('2026-06-11')],
    '2026-06-12',
    '2026-06-13',
  ],
  [
    'one without an end',
    [hold({ genre: GenreAttente.LITIGE, jugementAt: null }), promise('2026-06-11')],
    undefined,
    undefined,
  ],
])('when holds end, and when if nothing is paid: %s', (_, holds, end, unpaid) => {
  const { attenteFinAt, finSansPaiement } = held(reminders, holds, undefined);
  expect([attenteFinAt, finSansPaiement]).toEqual([end, unpaid].map((day) => day && startOfDay(day)));
});
