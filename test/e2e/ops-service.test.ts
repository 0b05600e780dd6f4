import { publish } from '@crm/nats';
import {
  EtatHandler,
  EtatPoint,
  FiltreRuns,
  Issue,
  OpsServiceService,
  type Outcome,
} from '@crm/proto/ops/ops';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publishEvent } from '../support/publish-event.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const ops = stack.client('ops', OpsServiceService, 'olga');
afterAll(() => stack.close());

/** Publishes that invoices were created for clients who do not exist: their handlers are refused. */
async function failing(organisationId: string, clientIds: string[]): Promise<string[]> {
  const nats = await stack.nats();
  return await Promise.all(
    clientIds.map((clientId) => {
      const dates = { dateFacture: '2026-11-01', dateEcheance: '2026-11-30' };
      const fields = { organisationId, clientId, invoiceId: randomUUID(), montant: 1_000n, ...dates };
      return publishEvent(nats, 'invoice.created', InvoiceCreatedEvent.fromPartial(fields));
    }),
  );
}

const runsOf = async (clientId: string) =>
  (await ops.listRuns({ filtre: FiltreRuns.fromPartial({ clientId }) })).runs;

async function outcomes(answers: AsyncIterable<Outcome>): Promise<Map<string, Outcome>> {
  const all = new Map<string, Outcome>();
  for await (const outcome of answers) all.set(outcome.workflowId, outcome);
  return all;
}

test('failed handlers are one line a cause; the chosen ones run again, and what fails again is not called done', async () => {
  const organisationId = unique('org');
  const [mended, broken, untouched] = [randomUUID(), randomUUID(), randomUUID()];
  const [mendedRun, brokenRun, untouchedRun] = await failing(organisationId, [mended, broken, untouched]);
  await until('all to fail', async () => {
    const runs = await Promise.all([mended, broken, untouched].map(runsOf));
    return runs.every(([run]) => run?.handlers.some(({ handler }) => handler === 'email'));
  });
  const [run] = await runsOf(broken);
  expect(run).toMatchObject({ workflowId: brokenRun, type: 'invoiceCreated', clientId: broken });
  expect(run!.url).toContain(brokenRun);
  const email = run!.handlers.find(({ handler }) => handler === 'email')!;
  expect(email).toMatchObject({ etat: EtatHandler.ECHEC, raison: expect.stringContaining(broken) as string });

  const { causes, runs } = await ops.listCauses({
    filtre: FiltreRuns.fromPartial({ type: 'invoiceCreated' }),
  });
  expect(runs).toBeGreaterThanOrEqual(3);
  const cause = causes.find(({ handler, exemple }) => handler === 'email' && exemple.includes('client'))!;
  expect(cause.nombre).toBeGreaterThanOrEqual(3);
  expect(cause.cause).not.toMatch(/[0-9a-f]{8}-/);
  const { runs: alike } = await ops.listRuns({
    filtre: FiltreRuns.fromPartial({ type: 'invoiceCreated', handler: 'email', cause: cause.cause }),
    pageSize: 500,
  });
  expect(alike.map(({ workflowId }) => workflowId)).toEqual(
    expect.arrayContaining([mendedRun, brokenRun, untouchedRun]),
  );

  await stack.sql(
    `INSERT INTO clients.clients (id, organisation_id, nom, prenom, email, telephone, type, gestionnaire_id, updated_at)
     VALUES ($1, $2, 'Retrouvée', '', '', '', 'PARTICULIER', '', now())`,
    ...[mended, organisationId],
  );
  const nobody = randomUUID();
  const motif = 'la cliente est de nouveau là';
  const became = await outcomes(
    ops.redrive(
      { workflowIds: [mendedRun!, brokenRun!, nobody], handlers: ['email'], motif, attenteSecondes: 90 },
      { deadlineMs: 120_000 },
    ),
  );
  expect(became.get(mendedRun!)).toMatchObject({ issue: Issue.FAIT });
  expect(became.get(brokenRun!)).toMatchObject({
    ...{ issue: Issue.ECHEC_ENCORE, detail: expect.stringContaining(broken) as string },
  });
  expect(became.get(nobody)).toMatchObject({ issue: Issue.RIEN_A_FAIRE });
  expect((await runsOf(mended))[0]?.handlers.map(({ handler }) => handler)).not.toContain('email');
  // the one that was not chosen has heard nothing
  const signals = (
    await (await stack.temporal()).workflow.getHandle(untouchedRun!).fetchHistory()
  ).events!.filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal);
  expect(signals).toEqual([]);

  const skipped = await outcomes(
    ops.skip({ workflowIds: [mendedRun!, brokenRun!, untouchedRun!], motif: 'jamais créées' }),
  );
  expect([...skipped.values()].map(({ issue }) => issue)).toEqual(Array(3).fill(Issue.ABANDONNE));
  const outcome = (await (await stack.temporal()).workflow.getHandle(brokenRun!).result()) as object;
  expect(JSON.stringify(outcome)).toContain('jamais créées (olga)');
}, 240_000);

test('a decision needs runs and a reason', async () => {
  const refused = await refusalOf(outcomes(ops.redrive({ workflowIds: [], motif: ' ' })));
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(JSON.stringify(refused)).toMatch(/workflowIds.*motif|motif.*workflowIds/s);
});

test('a message that is no event is shown, is not published again, and is discarded with a reason', async () => {
  const nats = await stack.nats();
  const reason = unique('kaputt');
  await publish(nats, 'crm.events.client.created', randomUUID(), Buffer.from(reason));
  const letter = await until('the dead letter', async () => {
    const { deadLetters } = await ops.listDeadLetters({ pageSize: 500 });
    return deadLetters.find(({ octets }) => octets === Buffer.from(reason).toString('hex'));
  });
  expect(letter).toMatchObject({ illisible: true, evenement: '', sujet: 'crm.events.client.created' });
  const ids = [letter.id];
  const { resultats } = await ops.redriveDeadLetters({ ids, motif: 'essai' });
  expect(resultats).toMatchObject([{ fait: false, detail: expect.stringContaining('Écartez-le') as string }]);
  expect(await ops.discardDeadLetters({ ids, motif: 'un essai' })).toMatchObject({
    resultats: [{ fait: true }],
  });
  expect(await ops.discardDeadLetters({ ids, motif: 'encore' })).toMatchObject({
    resultats: [{ fait: false, detail: expect.stringContaining('olga : un essai') as string }],
  });
  const { deadLetters } = await ops.listDeadLetters({ pageSize: 500 });
  expect(deadLetters.map(({ id }) => id)).not.toContain(letter.id);
}, 60_000);

test('the status looks at every part, names its section in the runbook, and says what is wrong', async () => {
  const { points, etat } = await ops.getStatus({});
  const by = new Map(points.map((point) => [point.cle, point]));
  for (const cle of ['services', 'postgres', 'nats', 'temporal', 'workers', 'mail'])
    expect(by.get(cle)).toMatchObject({ cle, etat: expect.stringMatching(/BON|ATTENTION/) as string });
  expect(by.get('services')!.valeur).toMatch(/^(\d+) sur \1$/);
  expect(by.get('schedules')!.aide).toContain('judge-holds');
  for (const { etat, valeur } of points) expect([etat !== EtatPoint.INCONNU, valeur]).toEqual([true, valeur]);
  const headings = readFileSync('docs/runbook.md', 'utf8')
    .match(/^#{2,3} .*$/gm)!
    .map((line) => line.replace(/^#+ /, ''));
  for (const { runbook } of points) if (runbook) expect(headings).toContain(runbook);
  expect(points.map((point) => point.etat)).toContain(etat);
  // it asks what it says: an unpublished row that is old is an alert
  const id = randomUUID();
  const old = `INSERT INTO events.outbox (event_id, event_type, payload, created_at, retry_at)
    VALUES ($1, 'client.created', '', now() - interval '5 minutes', now() + interval '1 hour')`;
  await stack.sql(old, id);
  try {
    const { points: now, etat: worst } = await ops.getStatus({});
    expect(now.find(({ cle }) => cle === 'outbox-age')).toMatchObject({
      etat: EtatPoint.ALERTE,
      seuil: '60 s',
    });
    expect(worst).toBe(EtatPoint.ALERTE);
  } finally {
    await stack.sql('DELETE FROM events.outbox WHERE event_id = $1', id);
  }
});
