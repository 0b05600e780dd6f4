import { jest } from '@jest/globals';
import type { InvoiceReminderActivities } from '@crm/workflows/invoice-reminder';
import {
  attenteLeveeSignal,
  paymentReceivedSignal,
  paymentRejectedSignal,
  reminderPlan,
} from '@crm/workflows/invoice-reminder';
import { redrive, skip } from '@crm/workflows/operators-inbox';
import type { StrandedActivities } from '@crm/workflows/stranded';
import type { ReminderState } from '@crm/workflows/reminder-state';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { DAY, downUntil, HOUR, MINUTE, refuses } from './support/fakes.ts';
import { runWorkflow, type Fake, type Run } from './support/run-workflow.ts';

jest.setTimeout(60_000);

const IDS = {
  invoiceId: 'f-1',
  numero: 'F-2026-0042',
  clientId: 'c-1',
  organisationId: 'org-1',
  correlationId: 'test',
};
const SAID = { who: 'alice', why: 'promesse de paiement' };

/** A relance service and an invoice, in memory: levels due so many days after the start. */
function world(dueDays: number[]) {
  let startedAt = 0;
  const levels = dueDays.map((days, index) => ({ niveau: index + 1, days, isSettled: false }));
  const invoice = { remaining: 100 };
  let statut: ReminderState['statut'] = 'EN_ATTENTE';
  let motifFin = '';
  let pausedUntilMs: number | undefined;
  let nowMs = 0;
  const state = (): ReminderState => {
    const level = levels.find(({ isSettled }) => !isSettled);
    if (!level && (statut === 'EN_ATTENTE' || statut === 'EN_PAUSE'))
      [statut, motifFin] = ['ACHEVEE', 'dernier niveau'];
    const isOpen = statut === 'EN_ATTENTE' || statut === 'EN_PAUSE';
    const isForever = statut === 'EN_PAUSE' && pausedUntilMs === undefined;
    const at = Math.max((level?.days ?? 0) * DAY, statut === 'EN_PAUSE' ? (pausedUntilMs ?? 0) : 0);
    const next = {
      niveau: level?.niveau ?? 0,
      libelle: `Relance ${level?.niveau}`,
      quand: isForever ? 'jusqu’à nouvel ordre' : `au jour ${at / DAY}`,
      ...(!isForever && { at: new Date(startedAt + at).toISOString() }),
    };
    const until =
      pausedUntilMs === undefined ? {} : { pauseEndsAt: new Date(startedAt + pausedUntilMs).toISOString() };
    return {
      relanceId: 'r-1',
      statut,
      motifFin,
      ...(isOpen && { next }),
      ...(statut === 'EN_PAUSE' && until),
    };
  };
  const settleIfPaid = () => {
    if (invoice.remaining <= 0 && statut !== 'ANNULEE') [statut, motifFin] = ['SOLDEE', 'facture réglée'];
    return statut === 'SOLDEE';
  };
  const openReminder: Fake = ({ atMs }) => {
    nowMs = atMs;
    if (!settleIfPaid() && statut !== 'SOLDEE') return state();
    if (invoice.remaining > 0) statut = 'EN_ATTENTE';
    return state();
  };
  const sendReminder: Fake = ({ atMs, input }) => {
    nowMs = atMs;
    const { niveau } = input as { niveau: number };
    const level = levels.find((one) => one.niveau === niveau)!;
    if (!settleIfPaid() && !level.isSettled) {
      if (statut === 'EN_PAUSE') statut = 'EN_ATTENTE';
      level.isSettled = true;
    }
    return state();
  };
  const recordReminderCommand: Fake = ({ atMs, input }) => {
    nowMs = atMs;
    const { command, jusquAu } = input as { command: string; jusquAu: string };
    const level = levels.find(({ isSettled }) => !isSettled)!;
    if (command === 'pause') {
      statut = 'EN_PAUSE';
      pausedUntilMs = jusquAu ? Number(jusquAu) * DAY : undefined;
    }
    if (command === 'resume') statut = 'EN_ATTENTE';
    if (command === 'skip') level.isSettled = true;
    if (command === 'sendNow') level.days = nowMs / DAY;
    if (command === 'cancel') [statut, motifFin] = ['ANNULEE', 'annulée'];
    return state();
  };
  return {
    invoice,
    began: (at: Date) => (startedAt = at.getTime()),
    activities: { openReminder, sendReminder, recordReminderCommand },
  };
}

type Fakes = Partial<Record<keyof (InvoiceReminderActivities & StrandedActivities), Fake>>;

/** A reminder with its levels due so many days after its start. */
function reminder(
  dueDays: number[],
  look: (run: Run, invoice: { remaining: number }) => Promise<void>,
  {
    fakes = {},
    signal,
    remaining = 100,
    said,
  }: { fakes?: Fakes; signal?: string; remaining?: number; said?: string } = {},
) {
  const { invoice, began, activities } = world(dueDays);
  invoice.remaining = remaining;
  return runWorkflow(
    {
      workflowType: 'invoiceReminder',
      workflowId: 'relance/f-1',
      ...(signal && { signal }),
      input: (startedAt) => {
        began(startedAt);
        return { ...IDS, ...(said && { said }) };
      },
      activities: { ...activities, ...fakes },
    },
    (run) => look(run, invoice),
  );
}

const sends = (run: Run) => run.attemptsOf('sendReminder');
const say = (run: Run, command: string, more: object = {}) =>
  run.handle.executeUpdate<void, [object]>(command, { args: [{ ...SAID, ...more }] });
const refusalOf = async (said: Promise<unknown>) => {
  const error = await said.then(
    () => new Error('accepted'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return ((error as WorkflowUpdateFailedError).cause as { type?: string }).type;
};
const opened = (run: Run) =>
  run.until('opened', async () => (await run.handle.query(reminderPlan)) !== undefined);

test('each level is sent at its time, to the minute, and the last one ends it', () =>
  reminder([15, 30], async (run) => {
    expect(await run.result()).toBe('dernier niveau');
    expect(sends(run).map(({ input }) => (input as { niveau: number }).niveau)).toEqual([1, 2]);
    sends(run).forEach(({ atMs }, index) => {
      expect(atMs).toBeGreaterThanOrEqual([15, 30][index]! * DAY);
      expect(atMs).toBeLessThan([15, 30][index]! * DAY + MINUTE);
    });
    expect(run.attemptsOf('openReminder')).toHaveLength(1);
  }));

test('says what comes next and when', () =>
  reminder([15], async (run) => {
    await opened(run);
    await run.until('the details', async () => (await run.details()) === 'Relance 1, prévue au jour 15');
    expect((await run.handle.query(reminderPlan))!.next).toMatchObject({ niveau: 1, quand: 'au jour 15' });
    await say(run, 'pause');
    await run.until('the pause', async () =>
      (await run.details()).startsWith(
        'Relance 1, en pause jusqu’à nouvel ordre\n\nDernière commande: mise en pause, par ',
      ),
    );
  }));

test('what holds a reminder back may be long: the summaries stay as short as the server takes them', () => {
  const libelle = `Relance 1 (en attente: litige: ${'é'.repeat(400)})`;
  const openReminder: Fake = ({ atMs }) => ({
    ...{ relanceId: 'r-1', statut: 'EN_ATTENTE', motifFin: '' },
    next: { niveau: 1, libelle, quand: 'demain', at: new Date(Date.now() + atMs).toISOString() },
  });
  return reminder(
    [1],
    async (run) => {
      await run.result();
      const { events = [] } = await run.handle.fetchHistory();
      const sizes = events!.map(({ userMetadata }) => userMetadata?.summary?.data?.length ?? 0);
      expect(Math.max(...sizes)).toBeGreaterThan(0);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    },
    { fakes: { openReminder } },
  );
});

test('a run that goes on from an earlier one says what was commanded there, and tells no activity', () =>
  reminder(
    [15],
    async (run) => {
      const said = 'Relance 1, prévue au jour 15\n\nDernière commande: mise en pause, par alice';
      await run.until('the details', async () => (await run.details()) === said);
      expect(run.attemptsOf('openReminder').map(({ input }) => input)).toEqual([IDS]);
    },
    { said: 'mise en pause, par alice' },
  ));

test('a payment of all ends it at once; one of a part does not', () =>
  reminder([15], async (run, invoice) => {
    await run.passes(DAY);
    invoice.remaining = 40;
    await run.handle.signal(paymentReceivedSignal);
    await run.passes(DAY);
    expect(await run.status()).toBe('RUNNING');
    invoice.remaining = 0;
    await run.handle.signal(paymentReceivedSignal);
    expect(await run.result()).toBe('facture réglée');
    expect(sends(run)).toEqual([]);
    expect(run.attempts.at(-1)!.atMs).toBeLessThan(3 * DAY);
  }));

test.each([paymentReceivedSignal.name, paymentRejectedSignal.name, 'invoiceCreated'])(
  'started by %s, whatever remains is what counts',
  async (signal) => {
    await reminder([15], async (run) => expect(await run.result()).toBe('dernier niveau'), { signal });
    const paid = async (run: Run) => {
      expect(await run.result()).toBe('facture réglée');
      expect(sends(run)).toEqual([]);
    };
    await reminder([15], paid, { signal, remaining: 0 });
  },
);

test('a credit note, which makes no event, is seen before the mail', () =>
  reminder([15, 30], async (run, invoice) => {
    await run.passes(DAY);
    invoice.remaining = 0;
    expect(await run.result()).toBe('facture réglée');
    expect(sends(run)).toHaveLength(1);
  }));

test('a pause until a day ends by itself', () =>
  reminder([15], async (run) => {
    await opened(run);
    await say(run, 'pause', { jusquAu: '20' });
    expect(await run.result()).toBe('dernier niveau');
    const [sent, ...again] = sends(run);
    expect(again).toEqual([]);
    expect(sent!.atMs).toBeGreaterThanOrEqual(20 * DAY);
    expect(sent!.atMs).toBeLessThan(20 * DAY + MINUTE);
  }));

test('a pause without an end lasts until resumed, and what is overdue by then is sent at once', () =>
  reminder([15], async (run) => {
    await opened(run);
    await say(run, 'pause');
    await run.passes(40 * DAY);
    expect(sends(run)).toEqual([]);
    await say(run, 'resume');
    expect(await run.result()).toBe('dernier niveau');
    expect(sends(run)[0]!.atMs).toBeGreaterThanOrEqual(40 * DAY);
  }));

test('what is asked for is sent now; a level that is skipped is not', () =>
  reminder([15, 30], async (run) => {
    await opened(run);
    await run.passes(DAY);
    await say(run, 'sendNow');
    await run.until('sent', async () => (await run.handle.query(reminderPlan))!.next?.niveau === 2);
    expect(sends(run)[0]!.atMs).toBeLessThan(2 * DAY);
    await say(run, 'skip');
    expect(await run.result()).toBe('dernier niveau');
    expect(sends(run)).toHaveLength(1);
    expect(run.attempts.at(-1)!.atMs).toBeLessThan(2 * DAY);
  }));

test('a cancelled one sends nothing more, and says who and why', () =>
  reminder([15], async (run) => {
    await opened(run);
    await say(run, 'cancel');
    expect(await run.result()).toBe('annulée');
    expect(sends(run)).toEqual([]);
    expect(run.attemptsOf('recordReminderCommand')[0]!.input).toMatchObject({
      ...IDS,
      ...SAID,
      command: 'cancel',
    });
  }));

test('what cannot be done is refused with its reason, and leaves no trace', () =>
  reminder([15], async (run) => {
    await opened(run);
    expect(await refusalOf(say(run, 'resume'))).toBe('RELANCE_PAS_EN_PAUSE');
    expect(await refusalOf(say(run, 'pause', { who: ' ' }))).toBe('QUI');
    await say(run, 'pause');
    expect(await refusalOf(say(run, 'sendNow'))).toBe('RELANCE_EN_PAUSE');
    expect(run.attemptsOf('recordReminderCommand')).toHaveLength(1);
    expect((await run.eventTypes()).filter((type) => type.includes('UPDATE_ACCEPTED'))).toHaveLength(1);
  }));

test('commands given at the same time are carried out one after the other', () =>
  reminder([15, 30, 45], async (run) => {
    await opened(run);
    const said = await Promise.allSettled([
      say(run, 'skip'),
      say(run, 'skip'),
      say(run, 'cancel'),
      say(run, 'skip'),
    ]);
    expect(await run.result()).toMatch(/annulée|dernier niveau/);
    const recorded = run.attemptsOf('recordReminderCommand').length;
    expect(said.filter(({ status }) => status === 'fulfilled')).toHaveLength(recorded);
    expect(sends(run)).toEqual([]);
  }));

const PAUSED = {
  relanceId: 'r-1',
  statut: 'EN_PAUSE',
  motifFin: '',
  next: { niveau: 1, libelle: 'Relance 1', quand: 'jusqu’à nouvel ordre' },
};
const ANNULEE = { relanceId: 'r-1', statut: 'ANNULEE', motifFin: 'annulée' };

test('a command before the first reading waits for it, and is carried out', () => {
  let isAway = true;
  return reminder(
    [15],
    async (run) => {
      await run.until('tried', () => run.attemptsOf('openReminder').length > 0);
      const said = say(run, 'cancel');
      await run.until('accepted', async () =>
        (await run.eventTypes()).some((type) => type?.includes('ACCEPTED')),
      );
      expect(run.attemptsOf('recordReminderCommand')).toEqual([]);
      isAway = false;
      await run.passes(MINUTE);
      await said;
      expect(await run.result()).toBe('annulée');
    },
    {
      fakes: {
        openReminder: () => {
          if (isAway) throw new Error('connection refused');
          return PAUSED;
        },
      },
    },
  );
});

test('a command that the service refuses fails with its reason, and the reminders go on', () =>
  reminder(
    [15],
    async (run) => {
      await opened(run);
      expect(await refusalOf(say(run, 'cancel'))).toBe('NOT_FOUND');
      await expect(run.details()).resolves.not.toContain('annulation');
      expect(await run.result()).toBe('dernier niveau');
      expect(sends(run)).toHaveLength(1);
    },
    { fakes: { recordReminderCommand: refuses('relance inconnue') } },
  ));

test('news that comes while the last command is recorded is read before the end', () => {
  let record = () => {};
  const recording = new Promise<void>((resolve) => (record = resolve));
  return reminder(
    [15],
    async (run) => {
      await opened(run);
      const said = say(run, 'cancel');
      await run.until('recording', () => run.attemptsOf('recordReminderCommand').length > 0);
      await run.handle.signal(paymentRejectedSignal);
      const late = say(run, 'pause');
      await run.until('both', async () => {
        const types = await run.eventTypes();
        return types.filter((type) => type?.includes('UPDATE_ACCEPTED')).length === 2;
      });
      record();
      await said;
      expect(await refusalOf(late)).toBe('RELANCE_TERMINEE');
      expect(await run.result()).toBe('annulée');
      expect(run.attempts.map(({ activity }) => activity)).toEqual([
        'openReminder',
        'recordReminderCommand',
        'openReminder',
      ]);
    },
    {
      fakes: {
        openReminder: ({ nth }) => (nth === 1 ? PAUSED : ANNULEE),
        recordReminderCommand: async () => {
          await recording;
          return ANNULEE;
        },
      },
    },
  );
});

const SENT_LATE = downUntil(18 * DAY, () => ({
  relanceId: 'r-1',
  statut: 'ACHEVEE',
  motifFin: 'dernier niveau',
}));

test('services that are down for three days make it late, and lose nothing', () =>
  reminder(
    [15],
    async (run) => {
      expect(await run.result()).toBe('dernier niveau');
      const last = sends(run).at(-1)!.atMs;
      expect(last).toBeGreaterThanOrEqual(18 * DAY);
      expect(last).toBeLessThan(18 * DAY + 11 * MINUTE);
    },
    { fakes: { sendReminder: SENT_LATE } },
  ));

test.each(['cancel', 'pause'])('a mail that cannot go out is given up for a command: %s', (command) =>
  reminder(
    [1],
    async (run) => {
      await opened(run);
      await run.passes(2 * DAY);
      const tried = sends(run).length;
      expect(tried).toBeGreaterThan(0);
      await say(run, command);
      await run.passes(2 * DAY);
      expect(sends(run)).toHaveLength(tried);
      expect(await run.status()).toBe(command === 'cancel' ? 'COMPLETED' : 'RUNNING');
    },
    { fakes: { sendReminder: SENT_LATE } },
  ),
);

test('a payment is heard also while a mail cannot go out', () =>
  reminder(
    [1],
    async (run, invoice) => {
      await opened(run);
      await run.passes(2 * DAY);
      invoice.remaining = 0;
      await run.handle.signal(paymentReceivedSignal);
      expect(await run.result()).toBe('facture réglée');
      expect(run.attempts.at(-1)!.atMs).toBeLessThan(3 * DAY);
    },
    { fakes: { sendReminder: SENT_LATE } },
  ));

const hasFailed = (run: Run) =>
  run.until('relance in FailedHandlers', async () => (await run.failed())?.join() === 'relance');
const DONE = () => ({ relanceId: 'r-1', statut: 'ACHEVEE', motifFin: 'dernier niveau' });

test('a refused mail waits in the inbox, and goes out when redriven', () =>
  reminder(
    [0],
    async (run) => {
      await hasFailed(run);
      expect(await run.details()).toContain('adresse refusée');
      await run.handle.signal(redrive, SAID);
      expect(await run.result()).toBe('dernier niveau');
      expect(sends(run)).toHaveLength(2);
      expect(await run.failed()).toBeUndefined();
    },
    { fakes: { sendReminder: refuses('adresse refusée', 1, DONE) } },
  ));

test('a refused mail that is skipped leaves out its level, and only that', () =>
  reminder(
    [0],
    async (run) => {
      await hasFailed(run);
      await run.handle.signal(skip, SAID);
      expect(await run.result()).toBe('dernier niveau');
      const recorded = run.attemptsOf('recordReminderCommand').map(({ input }) => input);
      expect(recorded).toEqual([
        {
          ...IDS,
          command: 'skip',
          who: 'opérateur',
          why: 'promesse de paiement (alice)',
          jusquAu: '',
          id: 'niveau-1',
        },
      ]);
    },
    { fakes: { sendReminder: refuses('adresse refusée') } },
  ));

test('a refused mail about which nobody decides is told of, and obeys afterwards', () =>
  reminder(
    [0],
    async (run) => {
      await hasFailed(run);
      await run.passes(15 * DAY);
      expect([await run.status(), await run.stranded()]).toEqual(['RUNNING', ['relance']]);
      expect(run.attemptsOf('tellOfStranded').map(({ input }) => input)).toEqual([
        expect.objectContaining({
          ...{ reference: 'f-1', quoi: 'les relances de la facture F-2026-0042', raison: 'adresse refusée' },
        }),
      ]);
      await say(run, 'cancel');
      expect(await run.result()).toBe('annulée');
      expect(await run.stranded()).toBeUndefined();
    },
    { fakes: { sendReminder: refuses('adresse refusée'), tellOfStranded: () => 'prévenu' } },
  ));

test('a refused mail is no obstacle to a command', () =>
  reminder(
    [0],
    async (run) => {
      await hasFailed(run);
      await say(run, 'cancel');
      expect(await run.result()).toBe('annulée');
      expect(await run.failed()).toBeUndefined();
    },
    { fakes: { sendReminder: refuses('adresse refusée') } },
  ));

test('an instant that is moved is waited for: outside of hours, or another reminder was first', () => {
  const moved: Fake = ({ nth, atMs }) =>
    nth === 1
      ? {
          relanceId: 'r-1',
          statut: 'EN_ATTENTE',
          motifFin: '',
          next: { niveau: 1, libelle: 'Relance 1', quand: 'plus tard', at: later(atMs) },
        }
      : DONE();
  let startedAt = 0;
  const later = (atMs: number) => new Date(startedAt + atMs + 14 * HOUR).toISOString();
  return reminder(
    [1],
    async (run) => {
      startedAt = Date.parse((await run.handle.describe()).startTime.toISOString());
      expect(await run.result()).toBe('dernier niveau');
      const [first, second] = sends(run);
      expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(14 * HOUR - MINUTE);
      expect(second!.atMs - first!.atMs).toBeLessThan(14 * HOUR + MINUTE);
    },
    { fakes: { sendReminder: moved } },
  );
});

test('a level that is held back looks again every hour, and is sent once when the hold ends; a word wakes it', async () => {
  for (const isTold of [false, true]) {
    let heldUntilMs = 20 * DAY;
    const dueDays = isTold ? 0 : 15;
    const { activities, began } = world([dueDays]);
    let startedAt = 0;
    const held = (state: ReminderState, atMs: number): ReminderState => ({
      ...state,
      next: { ...state.next!, at: new Date(startedAt + atMs).toISOString(), quand: 'plus tard' },
    });
    await runWorkflow(
      {
        workflowType: 'invoiceReminder',
        workflowId: 'relance/f-1',
        input: (at) => {
          began(at);
          startedAt = at.getTime();
          return IDS;
        },
        activities: {
          ...activities,
          sendReminder: (attempt) =>
            attempt.atMs < heldUntilMs
              ? held(activities.openReminder(attempt) as ReminderState, attempt.atMs + HOUR)
              : activities.sendReminder(attempt),
        },
      },
      async (run) => {
        await opened(run);
        if (isTold) {
          await run.handle.query(reminderPlan);
          await run.until('held', async () => sends(run).length > 0);
          heldUntilMs = 0;
          await run.handle.signal(attenteLeveeSignal);
        }
        expect(await run.result()).toBe('dernier niveau');
        const times = sends(run).map(({ atMs }) => atMs);
        if (!isTold) expect(times.length).toBe(5 * 24 + 1);
        expect(times.at(-1)! >= heldUntilMs).toBe(true);
      },
    );
  }
});
