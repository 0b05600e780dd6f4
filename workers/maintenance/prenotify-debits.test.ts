import { Metadata, status } from '@grpc/grpc-js';
import type { Services } from '../clients.ts';
import { prenotifyActivities } from './prenotify-debits.ts';

const refusal = (code: status) => Object.assign(new Error(status[code]), { code, metadata: new Metadata() });

/** A debit of one client. As with the email service, the same `envoi` is sent once. */
function debtor() {
  const world = { email: 'wrong@example.org', refuses: true, montant: 100n, sent: [] as string[], marked: 0 };
  const debit = () => ({
    ...{ paymentId: 'p-1', organisationId: 'org-1', clientId: 'client-1', invoiceId: '' },
    ...{ datePrevue: '2026-03-09', montant: world.montant, creancierNom: 'Suivi', creancierIcs: 'FR00ZZZ1' },
    ...{ rum: 'RUM-1', ibanMasque: 'FR14 **** 606' },
  });
  const services = {
    payments: {
      listPrenotifications: () => Promise.resolve({ prenotifications: [debit()], nextPageToken: '' }),
      marquerPrenotifie: () => Promise.resolve(void world.marked++),
    },
    clients: { get: () => Promise.resolve({ nom: 'Martin', prenom: 'Zoé', email: world.email }) },
    factures: {},
    email: {
      sendEmailWithTemplate: ({ envoi }: { envoi: string }) => {
        if (world.refuses) return Promise.reject(refusal(status.FAILED_PRECONDITION));
        if (!world.sent.includes(envoi)) world.sent.push(envoi);
        return Promise.resolve({});
      },
    },
  } as unknown as Services;
  return { world, run: () => prenotifyActivities(services, () => {}).sendPrenotifications() };
}

test('only when its mail is sent a debit is marked', async () => {
  const { world, run } = debtor();
  expect(await run()).toMatchObject({ told: 0, refused: 1 });
  expect(world.marked).toBe(0);
  world.refuses = false;
  expect(await run()).toMatchObject({ told: 1, refused: 0 });
  expect([world.sent.length, world.marked]).toEqual([1, 1]);
});

test('a mail that was sent by a run that died is not sent again', async () => {
  const { world, run } = debtor();
  world.refuses = false;
  await run();
  Object.assign(world, { email: 'zoe@example.org', montant: 90n });
  await run();
  expect([world.sent.length, world.marked]).toEqual([1, 2]);
});

test('one that fails holds up none that comes after; the run says so in the end', async () => {
  const ids = ['p-1', 'p-2', 'p-3', 'p-4'];
  const sent: string[] = [];
  const marked: string[] = [];
  const beats: number[] = [];
  let failing = ['p-1', 'p-3'];
  const services = {
    payments: {
      listPrenotifications: () =>
        Promise.resolve({
          prenotifications: ids
            .filter((id) => !marked.includes(id))
            .map((paymentId) => ({
              paymentId,
              clientId: paymentId,
              invoiceId: '',
              datePrevue: '2026-03-09',
              montant: 1n,
            })),
          nextPageToken: '',
        }),
      marquerPrenotifie: ({ id }: { id: string }) => Promise.resolve(void marked.push(id)),
    },
    clients: {
      get: ({ id }: { id: string }) => Promise.resolve({ nom: 'Martin', email: `${id}@example.org` }),
    },
    factures: {},
    email: {
      sendEmailWithTemplate: ({ clientId }: { clientId: string }) =>
        // the mail server answers 4.2.2: another attempt may succeed
        failing.includes(clientId)
          ? Promise.reject(refusal(status.UNAVAILABLE))
          : Promise.resolve(void sent.push(clientId)),
    },
  } as unknown as Services;
  const run = () => prenotifyActivities(services, () => void beats.push(1)).sendPrenotifications();
  await expect(run()).rejects.toMatchObject({
    nonRetryable: false,
    message: expect.stringContaining('2 could not') as string,
  });
  expect([sent, marked]).toEqual([
    ['p-2', 'p-4'],
    ['p-2', 'p-4'],
  ]);
  expect(beats).toHaveLength(4);
  failing = [];
  expect(await run()).toMatchObject({ told: 2 });
  expect(sent).toEqual(['p-2', 'p-4', 'p-1', 'p-3']);
});
