import { Metadata, status } from '@grpc/grpc-js';
import type { Services } from '../clients.ts';
import { prenotifyActivities } from './prenotify-debits.ts';

const refusal = (code: status) => Object.assign(new Error(status[code]), { code, metadata: new Metadata() });

/** A debit of one client; a key is recorded before its mail is delivered, as the email service does. */
function debtor() {
  const world = { email: 'wrong@example.org', refuses: true, montant: 100n, sent: [] as string[], marked: 0 };
  const recorded = new Map<string, string>();
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
      sendEmailWithTemplate: (mail: object, { metadata }: { metadata: Record<string, string> }) => {
        const key = metadata['idempotency-key']!;
        const says = JSON.stringify(mail);
        const first = recorded.get(key) ?? says;
        recorded.set(key, first);
        if (first !== says) return Promise.reject(refusal(status.ALREADY_EXISTS));
        if (world.refuses) return Promise.reject(refusal(status.FAILED_PRECONDITION));
        if (!world.sent.includes(key)) world.sent.push(key);
        return Promise.resolve({});
      },
    },
  } as unknown as Services;
  return { world, run: () => prenotifyActivities(services).sendPrenotifications() };
}

test.each([
  ['to an address that was corrected', { email: 'zoe@example.org' }],
  ['of an amount that has changed', { montant: 90n }],
])('a mail that was refused is sent %s, and only then the debit is marked', async (_, since) => {
  const { world, run } = debtor();
  expect(await run()).toMatchObject({ told: 0, refused: 1 });
  expect(world.marked).toBe(0);
  Object.assign(world, since, { refuses: false });
  expect(await run()).toMatchObject({ told: 1, refused: 0 });
  expect([world.sent.length, world.marked]).toEqual([1, 1]);
});

test('a mail that was sent by a run that died is not sent again', async () => {
  const { world, run } = debtor();
  world.refuses = false;
  await run();
  await run();
  expect([world.sent.length, world.marked]).toEqual([1, 2]);
});
