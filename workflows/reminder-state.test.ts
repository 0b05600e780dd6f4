import type { ReminderCommand } from './reminder-commands.ts';
import {
  after,
  AT_START,
  nextStep,
  refusal,
  type News,
  type Reminder,
  type ReminderState,
} from './reminder-state.ts';

const NOW = Date.parse('2026-06-10T09:00:00Z');
const DAY = 24 * 3600_000;
const at = (days: number) => new Date(NOW + days * DAY).toISOString();
const next = (days?: number) => ({
  niveau: 2,
  libelle: 'Relance J+30',
  quand: days === undefined ? 'jusqu’à nouvel ordre' : `au jour ${days}`,
  ...(days !== undefined && { at: at(days) }),
});
const state = (more: Partial<ReminderState>): ReminderState => ({
  relanceId: 'r-1',
  statut: 'EN_ATTENTE',
  motifFin: '',
  ...more,
});
const COMMANDS: ReminderCommand[] = ['pause', 'resume', 'sendNow', 'skip', 'cancel', 'migrate'];

const WAITING = state({ next: next(5) });
const DUE = state({ next: next(0) });
const PAUSED = state({ statut: 'EN_PAUSE', next: next() });
const PAUSED_UNTIL = state({ statut: 'EN_PAUSE', next: next(3), pauseEndsAt: at(3) });
const PAUSE_OVER = state({ statut: 'EN_PAUSE', next: next(-1), pauseEndsAt: at(-1) });
const SENT_ALL = state({ statut: 'ACHEVEE', motifFin: 'dernier niveau traité' });
const SETTLED = state({ statut: 'SOLDEE', motifFin: 'facture réglée' });
const CANCELLED = state({ statut: 'ANNULEE', motifFin: '' });

const known = (known: ReminderState): Reminder => ({ state: known, isStale: false });
const stepOf = (reminder: Reminder) => nextStep(reminder, 'F-2026-0042', NOW);
const learned = (from: Reminder, ...news: News[]) => news.reduce(after, from);

test.each([
  [
    'a level to come is waited for',
    WAITING,
    { do: 'wait', untilMs: NOW + 5 * DAY, words: 'Relance J+30, prévue au jour 5' },
  ],
  ['a level that is due is sent', DUE, { do: 'send', niveau: 2, words: 'Relance J+30' }],
  [
    'a pause without an end is waited in',
    PAUSED,
    { do: 'wait', words: 'Relance J+30, en pause jusqu’à nouvel ordre' },
  ],
  [
    'a pause with an end is waited out',
    PAUSED_UNTIL,
    { do: 'wait', untilMs: NOW + 3 * DAY, words: 'Relance J+30, en pause, reprise au jour 3' },
  ],
  ['a pause that is over holds nothing back', PAUSE_OVER, { do: 'send', niveau: 2, words: 'Relance J+30' }],
  [
    'after the last level it ends',
    SENT_ALL,
    {
      do: 'end',
      motif: 'dernier niveau traité',
      words: 'Relances de la facture F-2026-0042 achevées: dernier niveau traité',
    },
  ],
  [
    'settled, it ends',
    SETTLED,
    {
      do: 'end',
      motif: 'facture réglée',
      words: 'Relances de la facture F-2026-0042 arrêtées: facture réglée',
    },
  ],
  [
    'cancelled without a word, it ends',
    CANCELLED,
    { do: 'end', motif: '', words: 'Relances de la facture F-2026-0042 annulées' },
  ],
])('%s', (_, from, step) => expect(stepOf(known(from))).toEqual(step));

test.each<[string, Reminder, News[], string]>([
  ['at the start the invoice is read', AT_START, [], 'read'],
  ['a reading says what comes next', AT_START, ['reading', { answer: WAITING }], 'wait'],
  [
    'what is heard while it is read has it read again',
    AT_START,
    ['reading', 'changed', { answer: WAITING }],
    'read',
  ],
  ['a payment has the invoice read', known(WAITING), ['changed'], 'read'],
  ['a payment of all ends it', known(WAITING), ['changed', 'reading', { answer: SETTLED }], 'end'],
  ['a payment of a part does not', known(WAITING), ['changed', 'reading', { answer: WAITING }], 'wait'],
  [
    'heard while a mail is under way, it is read after it',
    known(DUE),
    ['changed', { answer: WAITING }],
    'read',
  ],
  [
    'heard while the end was recorded, it is read before it ends',
    known(DUE),
    ['changed', { answer: SENT_ALL }],
    'read',
  ],
  ['a mail that was sent is followed by the next level', known(DUE), [{ answer: WAITING }], 'wait'],
  ['the last mail ends it', known(DUE), [{ answer: SENT_ALL }], 'end'],
  [
    'a return of the payment takes it up again',
    known(SETTLED),
    ['changed', 'reading', { answer: WAITING }],
    'wait',
  ],
  ['a pause is recorded', known(DUE), [{ answer: PAUSED }], 'wait'],
  ['a resumption is recorded', known(PAUSED), [{ answer: DUE }], 'send'],
  ['a migration moves the level', known(WAITING), [{ answer: DUE }], 'send'],
  ['a migration that leaves no level ends it', known(WAITING), [{ answer: SENT_ALL }], 'end'],
  ['a cancellation ends it', known(WAITING), [{ answer: CANCELLED }], 'end'],
  ['a reading that is given up ends it', AT_START, ['reading', { givenUp: 'client perdu (bob)' }], 'end'],
])('%s', (_, from, news, does) => expect(stepOf(learned(from, ...news)).do).toBe(does));

test('a reading that is given up ends it with the operator’s word', () =>
  expect(stepOf(learned(AT_START, 'reading', { givenUp: 'client perdu (bob)' }))).toMatchObject({
    motif: 'client perdu (bob)',
    words: 'Relances de la facture F-2026-0042 annulées: client perdu (bob)',
  }));

const ENDED = Object.fromEntries(COMMANDS.map((name) => [name, 'RELANCE_TERMINEE']));
test.each<[string, Reminder, Partial<Record<ReminderCommand, string>>]>([
  ['before the invoice was read', AT_START, {}],
  ['while a level is waited for', known(WAITING), { resume: 'RELANCE_PAS_EN_PAUSE' }],
  ['while a mail is due', known(DUE), { resume: 'RELANCE_PAS_EN_PAUSE' }],
  ['while news is not read yet', { state: WAITING, isStale: true }, { resume: 'RELANCE_PAS_EN_PAUSE' }],
  ['in a pause', known(PAUSED), { sendNow: 'RELANCE_EN_PAUSE' }],
  ['in a pause until a day', known(PAUSED_UNTIL), { sendNow: 'RELANCE_EN_PAUSE' }],
  ['after a pause until a day', known(PAUSE_OVER), { resume: 'RELANCE_PAS_EN_PAUSE' }],
  ['after the last level', known(SENT_ALL), ENDED],
  ['when it is settled', known(SETTLED), ENDED],
  ['when it is cancelled', known(CANCELLED), ENDED],
])('%s these commands are refused, and no other', (_, reminder, refused) => {
  const reasons = COMMANDS.map((name) => [name, refusal(reminder, name, NOW)?.reason]);
  expect(Object.fromEntries(reasons.filter(([, reason]) => reason))).toEqual(refused);
});
