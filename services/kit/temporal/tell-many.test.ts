import { IssueCommande, type Cible } from '@crm/proto/commandes/commandes';
import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '../rpc/call-context.ts';
import { failedPrecondition, notFound, unavailable } from '../rpc/errors.ts';
import { currentWork, inContext } from '../rpc/work-context.ts';
import { tellMany, type Named } from './tell-many.ts';

const named = (id: string): Named => ({
  ...{ id, organisationId: 'o', clientId: 'c', client: 'Martin', invoiceId: `f-${id}`, numeroFacture: 'F-1' },
  ...{ paymentId: '', montant: 1n, statut: 'EN_ATTENTE', numero: 1, prochaineAt: undefined, version: 1 },
  ...{ gestionnaireId: '', dateEcheance: '', retardJours: 0 },
});
const AFTER = { statut: 'EN_PAUSE', numero: 1, prochaineAt: undefined, version: 2 };
const IDS = Array.from({ length: 20 }, (_, n) => `r-${n}`);
const cibles = (ids: string[]): Cible[] => ids.map((id) => ({ id, versionAttendue: undefined }));

/** The issues of twenty follow-ups, one after the other, and the most that were under way at once. */
async function told(command: (id: string) => Promise<unknown>, deadlineMs = 60_000) {
  const tell = tellMany({
    db: { $transaction: (effect: (tx: unknown) => unknown) => effect(undefined) } as never,
    log: { error: () => {} } as never,
    find: (ids) => Promise.resolve(ids.map(named)),
    idsOf: ({ id, invoiceId }) => [id, invoiceId],
    count: () => Promise.reject(new Error('no filter')),
    read: () => Promise.reject(new Error('no filter')),
    stateOf: () => AFTER,
  });
  let underWay = 0;
  let most = 0;
  const deadlines: number[] = [];
  const method = tell(
    async ({ id }: { id: string; motif: string }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      deadlines.push(currentWork()!.deadline!.getTime() - Date.now());
      await command(id).finally(() => (underWay -= 1));
    },
    () => Promise.reject(new Error('no simulation')),
  );
  const call = { signal: new AbortController().signal, once: (effect: () => unknown) => effect() } as never;
  const work = { correlationId: 'test', deadline: new Date(Date.now() + deadlineMs) };
  const request = { cibles: cibles(IDS), filtre: undefined, motif: 'm', simulation: false };
  const answer = await inContext(work, () => method(request, call as Call));
  return { ...answer, most, deadlines, issues: answer.resultats.map(({ issue }) => issue) };
}

const { FAITE, REFUSEE, INTROUVABLE, INCERTAINE, NON_ATTEINTE } = IssueCommande;

test('eight are under way at once, each with a wait of its own, and one that fails stops none', async () => {
  const { issues, most, deadlines, faites, resultats } = await told(async (id) => {
    await pause(5);
    if (id === 'r-1') throw failedPrecondition('RELANCE_EN_PAUSE', 'paused');
    if (id === 'r-2') throw notFound('relance', id);
    if (id === 'r-3') throw unavailable('TEMPORAL', 'no answer');
    if (id === 'r-4') throw new TypeError('a defect');
  });
  expect(most).toBe(8);
  expect(Math.max(...deadlines)).toBeLessThanOrEqual(8_000);
  expect(issues.slice(0, 6)).toEqual([FAITE, REFUSEE, INTROUVABLE, INCERTAINE, INCERTAINE, FAITE]);
  expect(faites).toBe(16);
  expect(resultats[0]).toMatchObject({ cible: 'r-0', numeroFacture: 'F-1', ...AFTER });
  expect(resultats[1]).toMatchObject({ raison: 'RELANCE_EN_PAUSE', message: 'paused', version: 1 });
  expect(resultats[4]).toMatchObject({ raison: 'INTERNAL', message: 'internal error' });
});

test('when the time is up, the others are left alone and the answer says which', async () => {
  const { issues, nonAtteintes } = await told(() => pause(300), 1_900);
  expect(issues.slice(0, 8)).toEqual(Array(8).fill(FAITE));
  expect(issues.at(-1)).toBe(NON_ATTEINTE);
  expect(nonAtteintes).toBe(4);
});

test('when nobody answers any more, the others are not tried', async () => {
  const { incertaines, nonAtteintes } = await told(() => Promise.reject(unavailable('TEMPORAL', 'away')));
  expect([incertaines, nonAtteintes]).toEqual([8, 12]);
});
