import { connectTo } from '@crm/kit';
import { ClientBaseServiceService, TypeClient, type Client } from '@crm/proto/clients/clients';
import { EmailServiceService, type Email } from '@crm/proto/email/email';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { status } from '@grpc/grpc-js';
import { sharedStack, type Mail } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const emails = stack.client('email', EmailServiceService);
const factures = stack.client('factures', InvoiceServiceService);

afterAll(() => stack.close());

/** A mail as the inbox has it, with its files. */
type MailWithFiles = Mail & {
  attachments?: { contentType: string; filename: string; generatedFileName: string }[];
};

/** The text with every space an ordinary one. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

async function fileOf({ id, attachments }: MailWithFiles): Promise<{ filename: string; content: Buffer }> {
  expect(attachments).toHaveLength(1);
  const { contentType, filename, generatedFileName } = attachments![0]!;
  expect(contentType).toBe('application/pdf');
  const file = `${stack.env.MAIL_INBOX_URL}/api/email/${id}/attachment/${encodeURIComponent(generatedFileName)}`;
  return { filename, content: Buffer.from(await (await fetch(file)).arrayBuffer()) };
}

describe('an invoice', () => {
  const email = uniqueAddress();
  const organisationId = unique('org');
  let client: Client;
  let invoice: Invoice;
  let mail: MailWithFiles;
  beforeAll(async () => {
    client = await clients.create({
      ...{ organisationId, email, nom: 'Atelier Été', type: TypeClient.PROFESSIONNEL },
    });
    invoice = await factures.create({ organisationId, clientId: client.id, montant: 123456n });
    const found = async () =>
      (await stack.mailsTo(email)).find(({ subject }) => subject.includes(invoice.numero));
    mail = await until('the invoice mail', found);
  }, 90_000);

  const render = async (): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const { contenu } of factures.downloadPdf({ id: invoice.id })) chunks.push(contenu);
    return Buffer.concat(chunks);
  };
  const withInvoice = (changes: object) => ({
    organisationId,
    clientId: client.id,
    destinataire: email,
    modele: 'rappel',
    variables: {
      ...{ nom: 'Atelier Été', typeClient: 'PROFESSIONNEL', numero: invoice.numero },
      ...{ dateFacture: invoice.dateFacture, dateEcheance: invoice.dateEcheance },
      ...{ montant: '123456', montantRecu: '0', restantDu: '123456' },
    },
    factureId: invoice.id,
    ...changes,
  });

  test('is mailed with its amounts and its PDF', async () => {
    expect(plain(mail.text)).toMatch(/Reste à payer +1 234,56 €/);
    const { filename, content } = await fileOf(mail);
    expect(filename).toBe(`Facture ${invoice.numero}.pdf`);
    expect(content.subarray(0, 5).toString()).toBe('%PDF-');
    expect(content.equals(await render())).toBe(true);
  });

  test('is mailed once, and the PDF is not kept with the mail', async () => {
    const { emails: recorded } = await emails.getEmails({ clientId: client.id });
    const ofInvoice = recorded.filter(({ modele }: Email) => modele === 'facture');
    expect(ofInvoice).toMatchObject([{ statut: 'ENVOYE', factureId: invoice.id, destinataire: email }]);
    const [row] = await stack.sql<{ size: number }>(
      'SELECT pg_column_size(emails.*) AS size FROM email.emails WHERE id = $1',
      ofInvoice[0]!.id,
    );
    expect(row!.size).toBeLessThan(10_000);
  });

  test('goes with a reminder too', async () => {
    const { messageId } = await emails.sendEmailWithTemplate(withInvoice({}));
    const reminder = await until('the reminder', async () =>
      (await stack.mailsTo(email)).find(({ headers }) => headers['message-id'] === `<${messageId}>`),
    );
    expect(plain(reminder.text)).toContain('Une copie de la facture est jointe à ce message.');
    expect((await fileOf(reminder as MailWithFiles)).filename).toBe(`Facture ${invoice.numero}.pdf`);
  });

  test('does not go to another client, and one that nobody knows goes to nobody', async () => {
    await expect(
      emails.sendEmailWithTemplate(withInvoice({ clientId: unique('client') })),
    ).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    await expect(
      emails.sendEmailWithTemplate(withInvoice({ factureId: unique('facture') })),
    ).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test('is asked for with the caller’s own token', async () => {
    const nobody = connectTo(EmailServiceService, stack.address('email'), () => Promise.resolve(undefined));
    await expect(nobody.sendEmailWithTemplate(withInvoice({}))).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
    });
    nobody.close();
  });
});
