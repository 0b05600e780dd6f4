import { ApporteurServiceService, BaremeCommissionServiceService } from '@crm/proto/commerciaux/commerciaux';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const apporteurs = stack.client('commerciaux', ApporteurServiceService);
const baremes = stack.client('commerciaux', BaremeCommissionServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const commissions = stack.client('commission', CommissionServiceService);
const notifications = stack.client('notifications', NotificationServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const payments = stack.client('payments', PaymentServiceService);

afterAll(() => stack.close());

/** A payment in an organisation with one person in its finance team. */
async function payment() {
  const finance = unique('finance');
  const { code: organisationId } = await organisations.create({
    nom: 'Rejetée',
    code: unique('org'),
    financeIds: [finance],
  });
  const { id: clientId } = await clients.create({ organisationId, nom: 'Débiteur' });
  const { id } = await payments.create({ organisationId, clientId, montant: 75_000n });
  return { id, organisationId, finance };
}

const toldOfRejection = (utilisateurId: string) =>
  until('the alert', async () => {
    const found = (await notifications.getNotificationsByUser({ utilisateurId })).notifications.filter(
      ({ type }) => type === 'payment.rejected',
    );
    return found.length > 0 && found;
  });

test('a rejection alerts the finance team once, with the reason and what follows', async () => {
  const { id, finance } = await payment();
  await payments.reject({ id, motifRejet: 'ac04', dateRejet: new Date('2026-03-02T13:30:00Z') });
  const [alert, ...more] = await toldOfRejection(finance);
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ titre: 'Paiement rejeté (AC04)', reference: id });
  expect(alert!.message.replaceAll('\u00a0', ' ')).toBe(
    'Paiement de 750,00 € rejeté le 2 mars 2026, 1re présentation (sans facture, client Débiteur). Motif AC04 : Compte clôturé (nouvelles coordonnées ' +
      'bancaires). Il ne sera pas présenté de nouveau avant que le client n’ait donné de nouvelles coordonnées ' +
      'bancaires, qui lui sont demandées.',
  );
});

test('the return of a collected payment asks for its commission to be clawed back', async () => {
  const { id, organisationId, finance } = await payment();
  const bareme = await baremes.create({
    organisationId,
    nom: '2,5 %',
    type: 'POURCENTAGE',
    tauxPointsBase: 250,
  });
  const apporteur = await apporteurs.create({ organisationId, nom: 'Apporteur', baremeId: bareme.id });
  await payments.confirm({ id });
  await commissions.calculerCommission({
    organisationId,
    apporteurId: apporteur.id,
    paymentId: id,
    montant: 75_000n,
  });
  await payments.reject({ id, motifRejet: 'MD06', retourBancaire: true });
  const [alert] = await toldOfRejection(finance);
  expect(alert!.message.replaceAll('\u00a0', ' ')).toContain(
    `la commission de 18,75 € est à reprendre, par commission.CommissionService/Reprendre avec le paymentId ${id}.`,
  );
});
