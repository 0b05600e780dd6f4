import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { status, type ServiceError } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const CALLERS = 12;
const organisationId = unique('org');
let stack: OwnStack;
let id: string;

beforeAll(async () => {
  stack = await startOwnStack();
  ({ id } = await stack.client('clients', ClientBaseServiceService).create({ organisationId, nom: 'N' }));
}, 120_000);
afterAll(() => stack?.stop(), 30_000);

/** Calls until told to stop, all kinds of calls, and counts how they end. */
async function underFire(isOver: () => boolean): Promise<Record<string, number>> {
  const clients = stack.client('clients', ClientBaseServiceService);
  const factures = stack.client('factures', InvoiceServiceService);
  const taches = stack.client('activites', TacheServiceService);
  const calls = [
    () => clients.create({ organisationId, nom: 'N' }),
    () => clients.create({ organisationId, nom: 'N' }, { metadata: { 'idempotency-key': unique('key') } }),
    () => clients.update({ id, nom: unique('n') }),
    () => clients.get({ id }),
    () => factures.create({ organisationId, clientId: id, montant: 100n }),
    () => factures.list({ organisationId }),
    () => taches.create({ organisationId, clientId: id, titre: 'T' }),
    () => taches.list({ organisationId }),
  ];
  const ends: Record<string, number> = {};
  const caller = async (first: number) => {
    for (let at = first; !isOver(); at++) {
      const code = await calls[at % calls.length]!().then(
        () => status.OK,
        (error: ServiceError) => error.code,
      );
      ends[status[code]] = (ends[status[code]] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(index)));
  return ends;
}

test.each<[string, () => Promise<unknown>]>([
  ['killed', () => stack.platform.kill('postgres')],
  ['asked to end', () => stack.platform.stop('postgres')],
])(
  'while the database is %s and comes back, calls are served or UNAVAILABLE',
  async (_, end) => {
    let isOver = false;
    const fire = underFire(() => isOver);
    for (let round = 0; round < 3; round++) {
      await sleep(1_000);
      await end();
      await sleep(1_500);
      await stack.platform.start('postgres');
    }
    await sleep(1_000);
    isOver = true;
    const ends = await fire;
    expect(Object.keys(ends).sort()).toEqual(['OK', 'UNAVAILABLE']);
    await until('calls to be served', () => stack.client('clients', ClientBaseServiceService).list({}));
  },
  120_000,
);
