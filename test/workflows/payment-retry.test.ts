import { jest } from '@jest/globals';
import { redrive, skip } from '@crm/workflows/operators-inbox';
import { paymentRejectedSignal, plan } from '@crm/workflows/payment-retry';
import type { Order, RetryCommand, RetryCommandName } from '@crm/workflows/retry-commands';
import type { RetryState } from '@crm/workflows/retry-state';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DAY, downUntil, HOUR, MINUTE, refuses } from './support/fakes.ts';
import { runWorkflow, type Fake, type Run } from './support/run-workflow.ts';

jest.setTimeout(60_000);

const IDS = {
  scheduleId: 'schedule-1',
  paymentId: 'payment-1',
  clientId: 'client-1',
  invoiceId: 'facture-1',
  organisationId: 'org-1',
  correlationId: 'test',
};
const WORD = { who: 'alice', why: 'le client a appelé' };

/** The retry service and the bank, as far as the workflow sees them. */
class World {
  startedAt = 0;
  state!: RetryState;
  /** Instants of the attempts, in milliseconds after the start. */
  attempts = [5 * DAY, 10 * DAY, 20 * DAY];
  submissions: number[] = [];
  prenotify = false;

  begin(startedAt: Date): object {
    this.startedAt = startedAt.getTime();
    this.plan(1, this.attempts[0]!);
    return IDS;
  }
  /** Plans an attempt; the client is told two days before it. */
  plan(numero: number, atMs: number, rejected?: RetryState['rejected']): RetryState {
    const prochaineAt = this.at(atMs);
    const annonceAt = this.at(atMs - 2 * DAY);
    const { prenotify } = this;
    return this.now({
      statut: 'PLANIFIE',
      numero,
      prochaineAt,
      annonceAt,
      rejected,
      prenotify,
      quand: 'bientôt',
    });
  }
  /** The bank rejects the attempt that it has: the next one is planned, or none is left. */
  reject(motif = 'AM04', byMs?: number): RetryState {
    const { numero } = this.state;
    const rejected = { numero, motif };
    if (motif !== 'AM04') return this.now({ statut: 'ARRETE', rejected, motifFin: `rejet ${motif}` });
    const next = byMs ?? this.attempts[numero];
    if (next === undefined) return this.now({ statut: 'EPUISE', rejected, motifFin: '3 rejets' });
    return this.plan(numero + 1, next, rejected);
  }
  now(state: Partial<RetryState>): RetryState {
    const version = (this.state?.version ?? 0) + 1;
    const ended = { numero: 0, quand: '', motifFin: '' };
    return (this.state = { ...ended, version, ...state } as RetryState);
  }
  at(ms: number): string {
    return new Date(this.startedAt + ms).toISOString();
  }
  readonly fakes: Record<string, Fake> = {
    readRetry: () => this.state,
    announceRetry: () => undefined,
    prenotifyRetry: () => undefined,
    tellOfRejection: () => undefined,
    submitRetry: () => {
      this.submissions.push(this.state.numero);
      return this.now({ statut: 'EN_COURS', numero: this.state.numero, rejected: this.state.rejected });
    },
    checkRetry: () => this.state,
    commandRetry: ({ input }) => {
      const { name, at } = (input as { command: RetryCommand }).command;
      if (name === 'cancel') return this.now({ statut: 'ARRETE', motifFin: 'arrêté par alice' });
      if (name === 'resume') return this.plan(1, Date.parse(at!) - this.startedAt);
      return this.plan(this.state.numero, Date.parse(at!) - this.startedAt);
    },
    abandonRetry: () => undefined,
  };
}

const retry = (
  look: (run: Run, world: World) => Promise<void>,
  fakes: Record<string, Fake> = {},
  world = new World(),
  input = (startedAt: Date): object => world.begin(startedAt),
) =>
  runWorkflow(
    {
      workflowType: 'paymentRetry',
      workflowId: 'retry/payment-1',
      signal: paymentRejectedSignal.name,
      input,
      activities: { ...world.fakes, ...fakes },
    },
    (run) => look(run, world),
  );

const times = (run: Run, activity: string) => run.attemptsOf(activity).map(({ atMs }) => atMs);
const numeros = (run: Run, activity: string) =>
  run.attemptsOf(activity).map(({ input }) => (input as { state: RetryState }).state.numero);
const expectAt = (ms: number | undefined, expected: number) => {
  expect(ms).toBeGreaterThanOrEqual(expected);
  expect(ms).toBeLessThan(expected + MINUTE);
};
const rejected = async (run: Run, world: World, ...how: Parameters<World['reject']>) => {
  world.reject(...how);
  await run.handle.signal(paymentRejectedSignal);
};

test('told two days before, submitted on its day, collected: it ends', () => {
  return retry(async (run, world) => {
    await run.passes(3 * DAY - HOUR);
    expect(times(run, 'announceRetry')).toEqual([]);
    await run.passes('2 hours');
    expectAt(times(run, 'announceRetry')[0], 3 * DAY);
    expect(world.submissions).toEqual([]);
    await run.passes(2 * DAY);
    expectAt(times(run, 'submitRetry')[0], 5 * DAY);
    await run.until('with the bank', async () => (await run.details()).includes('à la banque'));
    world.now({ statut: 'ENCAISSE', motifFin: 'nouvelle présentation payée' });
    expect(await run.result()).toBe('Paiement payment-1 encaissé: nouvelle présentation payée');
    expect(world.submissions).toEqual([1]);
    expect(times(run, 'announceRetry')).toHaveLength(1);
    // looked at a day later, not before
    expectAt(times(run, 'checkRetry')[0], 6 * DAY);
  });
});

test('the first debit by another mandate is told of at once, again when it moves, and two days before', () => {
  const world = new World();
  world.prenotify = true;
  return retry(
    async (run) => {
      await run.passes(1 * DAY);
      world.plan(1, 9 * DAY);
      await run.handle.signal(paymentRejectedSignal);
      await run.passes(9 * DAY);
      expect(world.submissions).toEqual([1]);
      const [first, second, ...more] = times(run, 'prenotifyRetry');
      expectAt(first, 0);
      expectAt(second, 1 * DAY);
      expect(more).toEqual([]);
      expectAt(times(run, 'announceRetry')[0], 7 * DAY);
    },
    {},
    world,
  );
});

test('an attempt that is rejected again, after it was collected and returned, is told of again', () =>
  retry(async (run, world) => {
    await run.passes(6 * DAY);
    const rejected = { numero: 1, motif: 'AM04', at: world.at(6 * DAY) };
    const told = () => times(run, 'tellOfRejection').length;
    const tell = async (of: typeof rejected) => {
      world.plan(2, 20 * DAY, of);
      await run.handle.signal(paymentRejectedSignal);
      await run.passes('1 hour');
    };
    await tell(rejected);
    await tell(rejected);
    expect(told()).toBe(1);
    await tell({ ...rejected, at: world.at(7 * DAY) });
    expect(told()).toBe(2);
  }));

test('no attempt is made while the one before is with the bank, however long that takes', () =>
  retry(async (run, world) => {
    await run.passes(30 * DAY);
    expect(world.submissions).toEqual([1]);
    expect(times(run, 'checkRetry').length).toBeGreaterThanOrEqual(24);
    world.now({ statut: 'ENCAISSE' });
    await run.result();
  }));

test('news that comes while an attempt is being submitted is looked at then, not with the check of tomorrow', () => {
  const world = new World();
  let news = async () => {};
  const submitRetry: Fake = async (attempt) => {
    await news();
    return world.fakes.submitRetry!(attempt);
  };
  const look = async (run: Run) => {
    news = () => run.handle.signal(paymentRejectedSignal);
    await run.passes(5 * DAY + HOUR);
    expect(world.submissions).toEqual([1]);
    expectAt(times(run, 'checkRetry')[0], 5 * DAY);
    world.now({ statut: 'ENCAISSE' });
    await run.result();
  };
  return retry(look, { submitRetry }, world);
});

test('each attempt follows the rejection of the one before; the last one exhausts', () =>
  retry(async (run, world) => {
    await run.passes(6 * DAY);
    await rejected(run, world);
    await run.passes(5 * DAY);
    expect(world.submissions).toEqual([1, 2]);
    expectAt(times(run, 'submitRetry')[1], 10 * DAY);
    await rejected(run, world);
    await run.passes(10 * DAY);
    expect(world.submissions).toEqual([1, 2, 3]);
    expectAt(times(run, 'submitRetry')[2], 20 * DAY);
    await rejected(run, world);
    expect(await run.result()).toBe('Nouvelles présentations du paiement payment-1 épuisées: 3 rejets');
    const told = run.attemptsOf('tellOfRejection').map(({ input }) => (input as { state: RetryState }).state);
    expect(told.map(({ statut, rejected }) => [statut, rejected?.numero])).toEqual([
      ['PLANIFIE', 1],
      ['PLANIFIE', 2],
      ['EPUISE', 3],
    ]);
    expect(numeros(run, 'announceRetry')).toEqual([1, 2, 3]);
  }));

test('a rejection of another reason stops it, without a mail of its own', () =>
  retry(async (run, world) => {
    await run.passes(6 * DAY);
    await rejected(run, world, 'MD01');
    expect(await run.result()).toBe('Nouvelles présentations du paiement payment-1 arrêtées: rejet MD01');
    expect(times(run, 'tellOfRejection')).toEqual([]);
  }));

test('a rejection that comes late is followed by the attempt that the service plans then', () =>
  retry(async (run, world) => {
    await run.passes(13 * DAY);
    await rejected(run, world, 'AM04', 14 * DAY);
    await run.passes(2 * DAY);
    expectAt(times(run, 'submitRetry')[1], 14 * DAY);
  }));

test('signals that say nothing new change nothing', () =>
  retry(async (run, world) => {
    for (let i = 0; i < 5; i++) await run.handle.signal(paymentRejectedSignal);
    await run.passes(4 * DAY);
    for (let i = 0; i < 5; i++) await run.handle.signal(paymentRejectedSignal);
    await run.passes(2 * DAY);
    await run.handle.signal(paymentRejectedSignal);
    await run.passes(DAY);
    expect(world.submissions).toEqual([1]);
    expect(times(run, 'announceRetry')).toHaveLength(1);
  }));

test('what stops it is seen before anything is submitted', () => {
  const world = new World();
  const submitRetry = () => world.now({ statut: 'ARRETE', motifFin: 'mandat révoqué' });
  return retry(
    async (run) => {
      expect(await run.result()).toContain('arrêtées: mandat révoqué');
      expect(world.submissions).toEqual([]);
      expect(times(run, 'checkRetry')).toEqual([]);
    },
    { submitRetry },
    world,
  );
});

test('services that are down make it late, and lose nothing', () => {
  const world = new World();
  return retry(
    async (run) => {
      await run.passes(9 * DAY);
      expect(world.submissions).toEqual([1]);
      const at = times(run, 'submitRetry').at(-1)!;
      expect(at).toBeGreaterThanOrEqual(8 * DAY);
      expect(at).toBeLessThan(8 * DAY + 11 * MINUTE);
    },
    { submitRetry: downUntil(8 * DAY, world.fakes.submitRetry) },
    world,
  );
});

test('a mail that is refused waits in the inbox and holds nothing up', () =>
  retry(
    async (run, world) => {
      await run.passes(6 * DAY);
      expect(await run.failed()).toEqual(['email']);
      expect(world.submissions).toEqual([1]);
      world.now({ statut: 'ENCAISSE' });
      await run.passes(2 * DAY);
      expect(await run.status()).toBe('RUNNING');
      await run.handle.signal(redrive, WORD);
      await run.result();
      expect(times(run, 'announceRetry')).toHaveLength(2);
    },
    { announceRetry: refuses('adresse refusée', 1, () => undefined) },
  ));

test('neither a step nor a mail that waits for a word is ever given up', () => {
  const world = new World();
  return retry(
    async (run) => {
      await run.passes(21 * DAY);
      expect([await run.status(), [...(await run.stranded())!].sort()]).toEqual([
        'RUNNING',
        ['email', 'retry'],
      ]);
      const told = run.attemptsOf('tellOfStranded').map(({ input }) => input);
      const about = { reference: 'payment-1', quoi: 'les nouvelles présentations du paiement payment-1' };
      expect(told).toEqual([
        expect.objectContaining({ ...about, handler: 'email' }),
        expect.objectContaining({ ...about, handler: 'retry' }),
      ]);
      await run.handle.signal(redrive, WORD);
      await run.passes(HOUR);
      expect(await run.stranded()).toBeUndefined();
      expect(world.submissions).toEqual([1]);
      expect(times(run, 'announceRetry')).toHaveLength(2);
    },
    {
      submitRetry: refuses('non', 1, world.fakes.submitRetry),
      announceRetry: refuses('adresse refusée', 1, () => undefined),
      tellOfStranded: () => 'prévenu',
    },
    world,
  );
});

test('a refused step waits for a word; skipped, it stops the retries', () =>
  retry(
    async (run, world) => {
      await run.passes(6 * DAY);
      expect(await run.failed()).toEqual(['retry']);
      expect(await run.details()).toContain('non');
      await run.handle.signal(skip, WORD);
      expect(await run.result()).toBe('le client a appelé (alice)');
      expect(run.attemptsOf('abandonRetry')).toHaveLength(1);
      expect(world.submissions).toEqual([]);
    },
    { submitRetry: refuses('non') },
  ));

test('tells its plan and how far it is', () =>
  retry(async (run, world) => {
    await run.passes(HOUR);
    expect(await run.handle.query(plan)).toEqual({
      statut: 'PLANIFIE',
      version: 1,
      numero: 1,
      prochaineAt: world.at(5 * DAY),
      etape: '2e présentation du paiement payment-1, prévue le bientôt',
    });
    expect(await run.details()).toBe('2e présentation du paiement payment-1, prévue le bientôt');
  }));

test('a run that goes on from an earlier one says what was commanded there, and tells no activity', () => {
  const world = new World();
  const input = (startedAt: Date) => ({ ...world.begin(startedAt), said: 'replanification, par alice' });
  return retry(
    async (run) => {
      await run.until('the details', async () =>
        (await run.details()).endsWith('le bientôt\n\nDernière commande: replanification, par alice'),
      );
      for (const attempt of run.attemptsOf('readRetry')) expect(attempt.input).not.toHaveProperty('said');
    },
    {},
    world,
    input,
  );
});

describe('commands', () => {
  const order = (world: World, ms: number) => ({ ...WORD, at: world.at(ms) });
  const command = (run: Run, name: RetryCommandName, said: Order, updateId?: string) =>
    run.handle.executeUpdate<void, [Order]>(name, { args: [said], ...(updateId && { updateId }) });
  const refusal = async (command: Promise<unknown>) => {
    const error = await command.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    return ((error as WorkflowUpdateFailedError).cause as ApplicationFailure).type;
  };

  test('cancel stops it, and is recorded with who and why under the id of the command', () =>
    retry(async (run, world) => {
      await run.passes(HOUR);
      await command(run, 'cancel', WORD, 'commande-1');
      expect(await run.result()).toContain('arrêté par alice');
      expect(world.submissions).toEqual([]);
      expect(run.attemptsOf('commandRetry').map(({ input }) => input)).toMatchObject([
        { command: { name: 'cancel', ...WORD }, commandId: 'commande-1' },
      ]);
    }));

  test('run now makes the attempt at once; the next still waits for its rejection', () =>
    retry(async (run, world) => {
      await run.passes(HOUR);
      await command(run, 'runNow', order(world, HOUR));
      await run.passes(HOUR);
      expect(world.submissions).toEqual([1]);
      await run.passes(20 * DAY);
      expect(world.submissions).toEqual([1]);
    }));

  test('replan moves the attempt, and the client is told of the new day', () =>
    retry(async (run, world) => {
      await run.passes(4 * DAY);
      expect(times(run, 'announceRetry')).toHaveLength(1);
      await command(run, 'replan', order(world, 8 * DAY));
      await run.passes(2 * DAY + HOUR);
      expect(world.submissions).toEqual([]);
      expectAt(times(run, 'announceRetry')[1], 6 * DAY);
      await run.passes(2 * DAY);
      expectAt(times(run, 'submitRetry')[0], 8 * DAY);
    }));

  test('resume is for retries that are stopped, and says with which mandate', () =>
    retry(async (run, world) => {
      await run.passes(HOUR);
      const resumed = { ...order(world, 9 * DAY), mandatId: 'mandat-2' };
      expect(await refusal(command(run, 'resume', resumed))).toBe('RETRY_EN_COURS');
      expect(await refusal(command(run, 'resume', order(world, DAY)))).toBe('MANDAT');
    }));

  test('while an attempt is with the bank only cancel is taken', () =>
    retry(async (run, world) => {
      await run.passes(6 * DAY);
      expect(await refusal(command(run, 'runNow', order(world, 6 * DAY)))).toBe('TENTATIVE_EN_COURS');
      expect(await refusal(command(run, 'replan', order(world, 9 * DAY)))).toBe('TENTATIVE_EN_COURS');
      const types = await run.eventTypes();
      expect(types.filter((type) => type?.includes('UPDATE'))).toEqual([]);
      await command(run, 'cancel', WORD);
      expect(await run.result()).toContain('arrêté par alice');
    }));

  test('one without who, or without when, is refused', () =>
    retry(async (run) => {
      await run.passes(HOUR);
      expect(await refusal(command(run, 'cancel', { who: '', why: '' }))).toBe('QUI');
      expect(await refusal(command(run, 'replan', WORD))).toBe('AT');
    }));

  test('one that the service refuses fails, and the retries go on', () =>
    retry(
      async (run, world) => {
        await run.passes(HOUR);
        expect(await refusal(command(run, 'cancel', WORD))).toBe('NOT_FOUND');
        await run.passes(5 * DAY);
        expect(world.submissions).toEqual([1]);
      },
      { commandRetry: refuses('terminé') },
    ));
});
