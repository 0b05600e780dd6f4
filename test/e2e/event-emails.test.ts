import { eventIdOf } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { EmailServiceService, type Email } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { sharedStack, type Mail } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { outcomesOf } from '../support/workflows.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const contrats = stack.client('contrats', ContratServiceService);
const emails = stack.client('email', EmailServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const payments = stack.client('payments', PaymentServiceService);
const organisationId = unique('org');

afterAll(() => stack.close());

const newClient = (email = uniqueAddress()): Promise<Client> =>
  clients.create({ organisationId, nom: 'Lefèvre', prenom: 'Zoé', email });

/** The text with every space an ordinary one. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

/** The mail that a client got from a template. */
async function mailOf(client: Client, modele: string): Promise<Mail> {
  const sent = (email: Email) => email.modele === modele && email.statut === 'ENVOYE';
  const { messageId } = await until(`${modele} for ${client.id}`, async () =>
    (await emails.getEmails({ clientId: client.id })).emails.find(sent),
  );
  return await until('the inbox has it', async () =>
    (await stack.mailsTo(client.email)).find(({ headers }) => headers['message-id'] === `<${messageId}>`),
  );
}

async function rejected(clientId: string, motifRejet: string): Promise<string> {
  const { id } = await payments.create({ organisationId, clientId, montant: 75_000n });
  await payments.reject({ id, motifRejet });
  return id;
}

/** The outcomes of the handlers of a payment's rejection. */
async function rejectionOutcomes(paymentId: string) {
  const temporal = await stack.temporal();
  const query = `WorkflowType = 'paymentRejected' AND PaymentId = '${paymentId}'`;
  const workflowId = await until(`the workflow of ${paymentId}`, async () => {
    for await (const found of temporal.workflow.list({ query })) return found.workflowId;
  });
  return await outcomesOf(temporal, workflowId);
}

test('a debit rejected for insufficient funds: what happens next, and when', async () => {
  const client = await newClient();
  await rejected(client.id, 'AM04');
  const text = plain((await mailOf(client, 'rejet-am04')).text);
  expect(text).toMatch(/Montant du prélèvement +750,00 €/);
  expect(text).toMatch(
    /Nous le présenterons de nouveau à votre banque à partir du \d{1,2}(er)? \p{L}+ \d{4}\./u,
  );
}, 90_000);

test('a debit from a closed account: new details, and how to give them safely', async () => {
  const client = await newClient();
  await rejected(client.id, ' ac04 ');
  const text = plain((await mailOf(client, 'rejet-nouvelles-coordonnees')).text);
  expect(text).toContain('le compte enregistré est clôturé');
  expect(text).toContain('n’envoyez jamais votre IBAN par e-mail');
}, 90_000);

test('a debit on which a person decides: no mail, and the workflow says why', async () => {
  const client = await newClient();
  const { email } = await rejectionOutcomes(await rejected(client.id, 'MD01'));
  expect(email).toEqual({ skipped: 'aucun e-mail pour cette classe de rejet' });
  const { emails: recorded } = await emails.getEmails({ clientId: client.id });
  expect(recorded.filter(({ modele }) => modele.startsWith('rejet'))).toEqual([]);
}, 90_000);

test('a contract is confirmed', async () => {
  const client = await newClient();
  const contrat = await contrats.create({
    ...{
      organisationId,
      clientId: client.id,
      produitId: 'prod-456',
      montantTotal: 123456n,
      nombreEcheances: 3,
    },
  });
  const mail = await mailOf(client, 'confirmation-contrat');
  expect(mail.subject).toBe(`Contrat ${contrat.reference}\u00a0: votre signature est confirmée`);
  expect(plain(mail.text)).toMatch(/Montant total +1 234,56 €\nNombre d’échéances +3\n/);
}, 90_000);

test('a client without an address gets no invoice by mail, and the workflow says why', async () => {
  const client = await newClient('');
  const { id } = await factures.create({ organisationId, clientId: client.id, montant: 1000n });
  const { email } = await outcomesOf(await stack.temporal(), eventIdOf('invoice.created', [id]));
  expect(email).toEqual({ skipped: 'le client n’a pas d’adresse e-mail' });
}, 90_000);

test('the mail to a client whom nobody knows fails, and waits for an operator’s word', async () => {
  const clientId = unique('client');
  const { id } = await factures.create({ organisationId, clientId, montant: 1000n });
  const workflow = (await stack.temporal()).workflow.getHandle(eventIdOf('invoice.created', [id]));
  await until('email in FailedHandlers', async () =>
    (await workflow.describe()).typedSearchAttributes.get(FailedHandlers)?.includes('email'),
  );
  expect((await emails.getEmails({ clientId })).emails).toEqual([]);
}, 90_000);
