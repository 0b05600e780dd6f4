import type { RetryCommandName } from './retry-commands.ts';
import {
  after,
  atStart,
  fault,
  mailsDue,
  nextStep,
  refusal,
  wasMissed,
  type News,
  type Retries,
  type RetryState,
  type Told,
} from './retry-state.ts';

const NOW = Date.parse('2026-06-10T09:00:00.000Z');
const DAY = 24 * 3600_000;
const at = (days: number) => new Date(NOW + days * DAY).toISOString();
const state = (more: Partial<RetryState>): RetryState => ({
  statut: 'PLANIFIE',
  version: 1,
  numero: 1,
  quand: '',
  motifFin: '',
  ...more,
});
const COMMANDS: RetryCommandName[] = ['cancel', 'replan', 'runNow', 'resume', 'migrate'];

const PLANNED = state({ prochaineAt: at(5), annonceAt: at(3) });
const MOVED = state({ prochaineAt: at(9), annonceAt: at(7) });
const UNANNOUNCED = state({ prochaineAt: at(0) });
const WITH_THE_BANK = state({ statut: 'EN_COURS' });
const REJECTED = state({ ...MOVED, numero: 2, rejected: { numero: 1, motif: 'AM04', at: at(-1) } });
const EXHAUSTED = state({ statut: 'EPUISE', numero: 0, rejected: { numero: 3, motif: 'AM04', at: at(-1) } });
const STOPPED = state({ statut: 'ARRETE', numero: 0, rejected: { numero: 1, motif: 'MD01' } });
const COLLECTED = state({ statut: 'ENCAISSE', numero: 0 });
const RESUMED = state({ ...PLANNED, prenotify: true });

const read = (answer: RetryState, told: Told = {}): Retries => learned(atStart(told), 'reading', { answer });
const learned = (from: Retries, ...news: News[]) => news.reduce(after, from);
const submitted = { do: 'submit', at: at(0) } as const;
const checked = { do: 'check', at: at(0) } as const;
const announced = { do: 'announce', at: at(0) } as const;

test.each<[string, Retries, object]>([
  ['an attempt is announced first', read(PLANNED), { do: 'announce', at: at(3) }],
  ['one that is announced is made', read(PLANNED, { announced: at(5) }), { do: 'submit', at: at(5) }],
  ['one that was moved is announced again', read(MOVED, { announced: at(5) }), { do: 'announce', at: at(7) }],
  ['one without an announcement is made', read(UNANNOUNCED), { do: 'submit', at: at(0) }],
  ['what the bank has is looked at tomorrow', read(WITH_THE_BANK), { do: 'check', at: at(1) }],
  [
    'or when its silence means collected',
    read({ ...WITH_THE_BANK, silenceAt: at(0.5) }),
    { do: 'check', at: at(0.5) },
  ],
  ['not when that is later', read({ ...WITH_THE_BANK, silenceAt: at(3) }), { do: 'check', at: at(1) }],
  [
    'nor when it has passed already',
    read({ ...WITH_THE_BANK, silenceAt: at(-1) }),
    { do: 'check', at: at(1) },
  ],
  ['after news it is looked at now', learned(read(WITH_THE_BANK), 'nudged'), { do: 'check', at: at(0) }],
  ['a rejection is followed by the next attempt', read(REJECTED), { do: 'announce', at: at(7) }],
  ['the last rejection ends it', read(EXHAUSTED), { do: 'end' }],
  ['a stop ends it', read(STOPPED), { do: 'end' }],
  ['a collection ends it', read(COLLECTED), { do: 'end' }],
  ['a resumption is an attempt as any', read(RESUMED), { do: 'announce', at: at(3) }],
  ['a cancellation ends what is planned', learned(read(PLANNED), { answer: STOPPED }), { do: 'end' }],
  [
    'a migration moves what is planned',
    learned(read(PLANNED, { announced: at(5) }), { answer: MOVED }),
    { do: 'announce', at: at(7) },
  ],
  [
    'a return of what was collected has it go on',
    learned(read(COLLECTED), 'changed', 'reading', { answer: REJECTED }),
    { do: 'announce', at: at(7) },
  ],
])('%s', (_, retries, step) => expect(nextStep(retries, NOW)).toEqual(step));

test.each<[string, Retries, string[]]>([
  ['what is planned first', read(PLANNED), []],
  ['the first debit by another mandate', read(RESUMED), ['prenotification']],
  ['the same, told already', read(RESUMED, { prenotified: at(5) }), []],
  ['the same, moved', read(RESUMED, { prenotified: at(4) }), ['prenotification']],
  ['a rejection', read(REJECTED), ['rejection']],
  ['a rejection, told already', read(REJECTED, { rejected: 1, rejectedAt: at(-1) }), []],
  ['a rejection, told by a run that kept no instants', read(REJECTED, { rejected: 1 }), []],
  [
    'the same attempt, collected, returned and rejected again',
    read(REJECTED, { rejected: 1, rejectedAt: at(-2) }),
    ['rejection'],
  ],
  ['an earlier one than was told', read(REJECTED, { rejected: 2, rejectedAt: at(-2) }), []],
  ['the last rejection', read(EXHAUSTED, { rejected: 2, rejectedAt: at(-5) }), ['rejection']],
  ['a stop, which has a mail of its own', read(STOPPED), []],
  [
    'a rejection while the next is with the bank',
    read({ ...WITH_THE_BANK, rejected: REJECTED.rejected }),
    [],
  ],
  ['both at once', read({ ...REJECTED, prenotify: true }), ['rejection', 'prenotification']],
])('of %s the client is told', (_, retries, mails) => {
  expect(mailsDue(retries)).toEqual(mails);
  const told = mailsDue(retries).reduce((one, mailed) => after(one, { mailed }), retries);
  expect(mailsDue(told)).toEqual([]);
});

test('an announcement is of one instant', () => {
  const { told } = learned(read(PLANNED), { waited: announced, hasCome: true }, { mailed: 'announcement' });
  expect(nextStep(read(PLANNED, told), NOW).do).toBe('submit');
  expect(nextStep(read(MOVED, told), NOW).do).toBe('announce');
});

test.each<[string, News[], boolean]>([
  ['nothing was heard', [], false],
  ['heard while an attempt was made', ['changed', { answer: WITH_THE_BANK }], true],
  ['heard while it was read', ['reading', 'changed', { answer: WITH_THE_BANK }], true],
  ['heard before it was read', ['changed', 'reading', { answer: WITH_THE_BANK }], false],
  ['heard by who waited to make it', ['changed', { waited: submitted, hasCome: false }], false],
  ['heard by who waited to look', ['changed', { waited: checked, hasCome: false }], false],
  ['heard before the announcement', ['changed', { waited: announced, hasCome: false }], true],
])('news that nobody waited for, %s: it is missed or not', (_, news, isMissed) =>
  expect(wasMissed(learned(read(PLANNED), ...news))).toBe(isMissed),
);

test('before the first reading nothing is missed', () =>
  expect(wasMissed(learned(atStart(), 'changed'))).toBe(false));

test('a look at what the bank has is the answer to news, and the next one is tomorrow', () => {
  const nudged = learned(read(WITH_THE_BANK), { waited: checked, hasCome: false });
  expect(nextStep(nudged, NOW)).toEqual({ do: 'check', at: at(0) });
  const looked = learned(nudged, { waited: checked, hasCome: true }, { answer: WITH_THE_BANK });
  expect(nextStep(looked, NOW)).toEqual({ do: 'check', at: at(1) });
});

const OVER = {
  cancel: 'RETRY_TERMINE',
  replan: 'RETRY_TERMINE',
  runNow: 'RETRY_TERMINE',
  migrate: 'RETRY_TERMINE',
};
test.each<[string, Retries, Partial<Record<RetryCommandName, string>>]>([
  ['before the schedule was read', atStart(), {}],
  ['while an attempt is planned', read(PLANNED), { resume: 'RETRY_EN_COURS' }],
  [
    'while one is with the bank',
    read(WITH_THE_BANK),
    { replan: 'TENTATIVE_EN_COURS', runNow: 'TENTATIVE_EN_COURS', resume: 'RETRY_EN_COURS' },
  ],
  ['after the last rejection', read(EXHAUSTED), OVER],
  ['after a stop', read(STOPPED), OVER],
  ['when it is collected', read(COLLECTED), { ...OVER, resume: 'NOT_ELIGIBLE_PAYMENT_SETTLED' }],
])('%s these commands are refused, and no other', (_, retries, refused) => {
  const reasons = COMMANDS.map((name) => [name, refusal(retries, name)?.reason]);
  expect(Object.fromEntries(reasons.filter(([, reason]) => reason))).toEqual(refused);
});

test.each<[RetryCommandName, object, string | undefined]>([
  ['cancel', {}, undefined],
  ['migrate', {}, undefined],
  ['replan', {}, 'AT'],
  ['replan', { at: 'demain' }, 'AT'],
  ['replan', { at: at(1) }, undefined],
  ['runNow', {}, 'AT'],
  ['runNow', { at: at(1) }, undefined],
  ['resume', { mandatId: 'm-2' }, 'AT'],
  ['resume', { at: at(1) }, 'MANDAT'],
  ['resume', { at: at(1), mandatId: 'm-2' }, undefined],
])('%s that says %j lacks %s', (name, said, reason) => expect(fault(name, said)?.reason).toBe(reason));
