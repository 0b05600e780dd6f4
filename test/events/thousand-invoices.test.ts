import { eventIdOf } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

/** A smaller size by default; `npm run test:thousand` creates the thousand. */
const INVOICES = Number(process.env.INVOICES ?? 100);
const AT_A_TIME = 20;
const WITHIN_MS = 10 * 60_000;

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
afterAll(() => stack.close());

describe(`${INVOICES} invoices, twenty at a time, while everything runs`, () => {
  const organisationId = unique('org');
  const finance = unique('finance');
  let created: Invoice[];
  let eventIds: string[];

  beforeAll(async () => {
    const organisations = stack.client('organisations', OrganisationServiceService);
    await organisations.create({ nom: 'Mille', code: organisationId, financeIds: [finance] });
    const societes = stack.client('organisations', SocieteServiceService);
    await societes.create({ organisationId, raisonSociale: 'Mille' });
    const ids = await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        const client = await clients.create({ organisationId, nom: 'Client', email: uniqueAddress() });
        return client.id;
      }),
    );
    const perClient = ids.map(async (clientId) => {
      const invoices: Invoice[] = [];
      while (invoices.length < INVOICES / AT_A_TIME) {
        invoices.push(await factures.create({ organisationId, clientId, montant: 1_000n }));
      }
      return invoices;
    });
    created = (await Promise.all(perClient)).flat();
    eventIds = created.map(({ id }) => eventIdOf('invoice.created', [id]));
  }, WITHIN_MS);

  test('have numbers without a gap and without a double', () => {
    const year = created[0]!.dateFacture.slice(0, 4);
    const wanted = Array.from({ length: INVOICES }, (_, i) => `F-${year}-${String(i + 1).padStart(4, '0')}`);
    expect(created.map(({ numero }) => numero).sort()).toEqual(wanted);
  });

  test(
    'have a workflow each, and a reminder each',
    async () => {
      const temporal = await stack.temporal();
      const count = async (type: string, state: string) =>
        (
          await temporal.workflow.count(
            `WorkflowType = '${type}' AND OrganisationId = '${organisationId}' AND ExecutionStatus = '${state}'`,
          )
        ).count;
      await until(
        'the events to be handled',
        async () => (await count('invoiceCreated', 'Completed')) === INVOICES,
        WITHIN_MS,
      );
      await until(
        'the reminders to wait',
        async () => (await count('invoiceReminder', 'Running')) === INVOICES,
      );
    },
    WITHIN_MS,
  );

  test(
    'have four effects each, and no dead letter',
    async () => {
      const effects = await stack.sql<{ handler: string; n: number }>(
        `SELECT handler, count(*)::int AS n FROM events.processed_events
       WHERE event_id = ANY($1::uuid[]) GROUP BY handler ORDER BY handler`,
        eventIds,
      );
      expect(effects).toEqual(
        expect.arrayContaining(
          ['dashboard', 'email', 'notifications'].map((handler) => ({ handler, n: INVOICES })),
        ),
      );
      // a reminder is guarded by its invoice's id
      await until(
        'the reminders to be planned',
        async () => {
          const [planned] = await stack.sql<{ n: number }>(
            `SELECT count(*)::int AS n FROM relance.relances
           WHERE organisation_id = $1 AND statut = 'EN_ATTENTE' AND prochaine_at > now()`,
            organisationId,
          );
          return planned!.n === INVOICES;
        },
        WITHIN_MS,
      );
      const [mails] = await stack.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM email.emails
       WHERE organisation_id = $1 AND modele = 'facture' AND statut = 'ENVOYE'`,
        organisationId,
      );
      expect(mails!.n).toBe(INVOICES);
      const kpis = stack.client('dashboard', DashboardKpisServiceService);
      expect((await kpis.getKpis({ organisationId })).chiffreAffaires).toBe(BigInt(INVOICES) * 1_000n);
      const [told] = await stack.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM notifications.notifications WHERE utilisateur_id = $1',
        finance,
      );
      expect(told!.n).toBe(INVOICES);
      const letters = await stack.sql(
        `SELECT id FROM events.dead_letters WHERE headers->>'Nats-Msg-Id' = ANY($1)`,
        eventIds,
      );
      expect(letters).toEqual([]);
    },
    WITHIN_MS,
  );
});
