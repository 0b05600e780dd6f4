import { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import { Metadata, status } from '@grpc/grpc-js';
import type { Services } from '../clients.ts';
import { notificationsHandlers } from './notifications.ts';

const CONTEXT = { metadata: { 'idempotency-key': 'event/notifications' }, deadlineMs: 1_000 };
const refused = (code: status) =>
  Object.assign(new Error('refused'), { code, details: 'refused', metadata: new Metadata() });

/** The handlers with services that give these answers; `told` are the calls that notify users. */
function handlers({
  finance = () => Promise.resolve({ financeIds: ['f-1', 'f-2'] }),
  commissions = [] as object[],
  statut = 'REJETE',
  mandat = 'ACTIF',
  client = Promise.resolve<object>({ nom: 'Dupont', prenom: 'Marc', raisonSociale: 'Le Fournil SARL' }),
}) {
  const told: { request: { utilisateurIds: string[]; message: string }; settings: unknown }[] = [];
  const services = {
    organisations: { get: finance },
    commissions: { getCommissions: () => Promise.resolve({ commissions }) },
    payments: { get: () => Promise.resolve({ statut, mandatId: 'm-1' }) },
    mandats: { get: () => Promise.resolve({ statut: mandat }) },
    clients: { get: () => client },
    factures: { get: () => Promise.resolve({ numero: 'F-2026-0042', restantDu: 100n }) },
    motifsRejet: {
      get: ({ code }: { code: string }) => Promise.resolve({ code, libelle: 'Raison', classe: 'ARRET' }),
    },
    notifications: {
      createNotifications(request: (typeof told)[number]['request'], settings: unknown) {
        told.push({ request, settings });
        return Promise.resolve({ notifications: request.utilisateurIds.map((id) => ({ id: `n-${id}` })) });
      },
    },
  } as unknown as Services;
  return { ...notificationsHandlers(services), told };
}

const received = PaymentReceivedEvent.fromPartial({
  paymentId: 'p-1',
  organisationId: 'org-123',
  clientId: 'client-123',
  invoiceId: 'f-1',
  montant: 75_000n,
  dateReception: new Date(),
});
const rejected = PaymentRejectedEvent.fromPartial({
  paymentId: 'p-1',
  organisationId: 'org-123',
  clientId: 'client-123',
  invoiceId: 'f-1',
  dateRejet: new Date(),
});

test.each([
  ['that nobody has recorded', () => Promise.reject(refused(status.NOT_FOUND))],
  ['without a finance team', () => Promise.resolve({ financeIds: [] })],
])('an organisation %s: nobody is told, and it says so', async (_, finance) => {
  const { notifyFinanceOfPayment, told } = handlers({ finance });
  expect(await notifyFinanceOfPayment(received, CONTEXT)).toEqual({
    skipped: 'l’organisation n’a pas de destinataire finance',
  });
  expect(told).toEqual([]);
});

test('organisations that are away are worth another attempt', async () => {
  const { notifyFinanceOfPayment } = handlers({ finance: () => Promise.reject(refused(status.UNAVAILABLE)) });
  await expect(notifyFinanceOfPayment(received, CONTEXT)).rejects.toMatchObject({ code: status.UNAVAILABLE });
});

test('all of the finance team are told in one call, under the handler’s key', async () => {
  const { notifyFinanceOfPayment, told } = handlers({});
  expect(await notifyFinanceOfPayment(received, CONTEXT)).toEqual({ done: 'n-f-1 n-f-2' });
  expect(told).toHaveLength(1);
  expect(told[0]!.request.utilisateurIds).toEqual(['f-1', 'f-2']);
  expect(told[0]!.settings).toEqual(CONTEXT);
});

test.each<[string, { commissions?: object[]; statut?: string }, boolean]>([
  ['no commission is due', {}, false],
  ['one is due', { commissions: [{ montant: 100n, paymentId: 'p-1' }] }, true],
  [
    'one is due and the money has come since',
    { commissions: [{ montant: 100n }], statut: 'ENCAISSE' },
    false,
  ],
])('a rejection of which %s: asks to claw back: %p', async (_, answers, asks) => {
  const { alertFinanceOfRejection, told } = handlers(answers);
  await alertFinanceOfRejection(rejected, CONTEXT);
  expect(told[0]!.request.message.includes('Reprendre')).toBe(asks);
});

test('they read of an invoice by its number and of a client by its name', async () => {
  const { notifyFinanceOfPayment, told } = handlers({});
  await notifyFinanceOfPayment(received, CONTEXT);
  expect(told[0]!.request.message).toMatch(/ \(facture F-2026-0042, client Le Fournil SARL\)\.$/);
});

test('a client that nobody has recorded keeps the reference that names it', async () => {
  const { notifyFinanceOfPayment, told } = handlers({ client: Promise.reject(refused(status.NOT_FOUND)) });
  await notifyFinanceOfPayment({ ...received, invoiceId: '' }, CONTEXT);
  expect(told[0]!.request.message).toMatch(/ \(sans facture, client client-123\)\.$/);
});

test('a rejection by a mandate that was revoked is not said to be presented again', async () => {
  const { alertFinanceOfRejection, told } = handlers({ mandat: 'REVOQUE' });
  await alertFinanceOfRejection(rejected, CONTEXT);
  expect(told[0]!.request.message).toContain('Il ne sera pas présenté de nouveau\u00a0: mandat révoqué.');
});
