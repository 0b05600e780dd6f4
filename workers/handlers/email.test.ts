import { Client, TypeClient } from '@crm/proto/clients/clients';
import { Contrat, StatutContrat } from '@crm/proto/contrats/contrats';
import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { ContractSignedEvent } from '@crm/proto/events/contract_events';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import { Invoice } from '@crm/proto/factures/factures';
import { Payment, StatutMandat, StatutPaiement } from '@crm/proto/payments/payments';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';
import { Eligibilite } from '@crm/proto/retry/retry';
import { Metadata, status } from '@grpc/grpc-js';
import type { Services } from '../clients.ts';
import { emailHandlers } from './email.ts';

const context = { metadata: { 'idempotency-key': 'event-1/email' }, deadlineMs: 2_000 };
const refusal = (code: status) => Object.assign(new Error('refused'), { code, metadata: new Metadata() });
const soon = new Date(Date.now() + 5 * 24 * 3600 * 1000);

const usualClient = { id: 'client-1', nom: 'Lefèvre', prenom: 'Camille', email: 'camille@example.org' };
const invoice = {
  ...{ id: 'facture-1', numero: 'F-2026-0042', objet: 'Prestation', clientId: 'client-1' },
  ...{ dateFacture: '2026-05-15', dateEcheance: '2026-06-14', montant: 123456n, restantDu: 123456n },
};
const payment = {
  ...{ id: 'payment-1', clientId: 'client-1', invoiceId: 'facture-1', mandatId: 'mandat-1' },
  statut: StatutPaiement.REJETE,
};
const preview = {
  eligibilite: Eligibilite.ELIGIBLE,
  tentatives: [{ numero: 1, datePrevue: soon }],
  epuise: false,
};

/** The handlers with services that give these answers, and their requests to the e-mail service. */
function handlers(answers: {
  client?: object;
  classe?: ClasseRejet;
  invoice?: object | Error;
  contrat?: object;
  preview?: object;
  payment?: object | Error;
  couvertures?: object[];
  mandat?: object;
}) {
  const asked: { request: Record<string, unknown>; settings: unknown }[] = [];
  const answer = (value: object | Error) => () =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  const services = {
    clients: { get: answer(Client.fromPartial({ ...usualClient, ...answers.client })) },
    factures: {
      get: answer(
        answers.invoice instanceof Error
          ? answers.invoice
          : Invoice.fromPartial({ ...invoice, ...answers.invoice }),
      ),
    },
    payments: {
      get: answer(
        answers.payment instanceof Error
          ? answers.payment
          : Payment.fromPartial({ ...payment, ...answers.payment }),
      ),
      getCouvertures: answer({ couvertures: answers.couvertures ?? [] }),
    },
    mandats: { get: answer(answers.mandat ?? {}) },
    contrats: { get: answer(Contrat.fromPartial({ ...answers.contrat })) },
    motifsRejet: { get: answer({ classe: answers.classe ?? ClasseRejet.REESSAI }) },
    retries: { previewRetry: answer({ ...preview, ...answers.preview }) },
    email: {
      sendEmailWithTemplate: (request: Record<string, unknown>, settings: unknown) => {
        asked.push({ request, settings });
        return Promise.resolve({ id: 'email-1' });
      },
    },
  } as unknown as Services;
  return { asked, handle: emailHandlers(services) };
}

const variablesOf = ({ request }: { request: Record<string, unknown> } = { request: {} }) =>
  request.variables as Record<string, string>;

describe('invoice.created', () => {
  const event = InvoiceCreatedEvent.fromPartial({
    ...{ invoiceId: 'facture-1', organisationId: 'org-1', clientId: 'client-1' },
  });

  test('sends the invoice, by its id', async () => {
    const { asked, handle } = handlers({ client: { type: TypeClient.PROFESSIONNEL } });
    expect(await handle.sendInvoiceEmail(event, context)).toEqual({ done: 'email-1' });
    expect(asked).toEqual([
      {
        request: {
          organisationId: 'org-1',
          clientId: 'client-1',
          destinataire: 'camille@example.org',
          modele: 'facture',
          factureId: 'facture-1',
          variables: {
            ...{ nom: 'Lefèvre', prenom: 'Camille', raisonSociale: '', typeClient: 'PROFESSIONNEL' },
            ...{ numero: 'F-2026-0042', objet: 'Prestation' },
            ...{ dateFacture: '2026-05-15', dateEcheance: '2026-06-14' },
            ...{ montant: '123456', montantAvoirs: '0', montantRecu: '0', restantDu: '123456' },
          },
        },
        settings: context,
      },
    ]);
  });

  test('says what a debit takes of it, where one is known by then', async () => {
    const cover = { invoiceId: 'facture-1', restantDu: 123456n, montant: 20000n, preleveLe: '2026-07-02' };
    const { asked, handle } = handlers({ couvertures: [cover] });
    await handle.sendInvoiceEmail(event, context);
    expect(variablesOf(asked[0])).toMatchObject({ montantPreleve: '20000', preleveLe: '2026-07-02' });
  });

  test('a client whose type is not known is no business', async () => {
    const { asked, handle } = handlers({ client: { type: TypeClient.UNSPECIFIED } });
    await handle.sendInvoiceEmail(event, context);
    expect(variablesOf(asked[0]).typeClient).toBe('PARTICULIER');
  });

  test('an unknown invoice fails', async () => {
    const { asked, handle } = handlers({ invoice: refusal(status.NOT_FOUND) });
    await expect(handle.sendInvoiceEmail(event, context)).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect(asked).toEqual([]);
  });
});

describe('payment.rejected', () => {
  const event = (fields: object = {}) =>
    PaymentRejectedEvent.fromPartial({
      ...{ paymentId: 'payment-1', organisationId: 'org-1', clientId: 'client-1', invoiceId: 'facture-1' },
      ...{ montant: 75000n, motifRejet: 'AM04', dateRejet: new Date('2026-07-01T22:30:00Z'), tentative: 1 },
      ...fields,
    });

  test('AM04: what happens next, and when', async () => {
    const { asked, handle } = handlers({});
    expect(await handle.sendRejectionEmail(event(), context)).toEqual({ done: 'email-1' });
    expect(asked[0]!.request).toMatchObject({ modele: 'rejet-am04', destinataire: 'camille@example.org' });
    expect(variablesOf(asked[0])).toMatchObject({
      ...{ montant: '75000', montantFacture: '123456', numero: 'F-2026-0042' },
      ...{ dateRejet: '2026-07-01T22:30:00.000Z', prochaineDate: soon.toISOString() },
    });
  });

  test.each([
    [
      'that has passed',
      {
        tentatives: [
          { numero: 1, datePrevue: new Date(0) },
          { numero: 2, datePrevue: soon },
        ],
      },
    ],
    ['that there is not', { tentatives: [], epuise: true }],
    ['of a payment not presented again', { eligibilite: Eligibilite.NOT_ELIGIBLE_REASON_CODE }],
  ])('does not promise a date %s', async (_, preview) => {
    const { asked, handle } = handlers({ preview });
    await handle.sendRejectionEmail(event(), context);
    expect(variablesOf(asked[0]).prochaineDate).toBe('');
  });

  test.each([
    ['of which the mandate was revoked', { mandat: { statut: StatutMandat.REVOQUE } }],
    ['of a client who is blocked', { client: { bloque: true } }],
  ])('promises nothing again of a debit %s', async (_, answers) => {
    const { asked, handle } = handlers(answers);
    await handle.sendRejectionEmail(event(), context);
    expect(variablesOf(asked[0])).toMatchObject({ nouvellePresentation: 'EXCLUE', prochaineDate: '' });
  });

  test.each([
    ['that was collected since', { payment: { statut: StatutPaiement.ENCAISSE } }, 'paiement réglé'],
    ['of which nothing is left to pay', { invoice: { restantDu: 0n } }, 'facture réglée ou annulée'],
    [
      'of a contract that was cancelled',
      { payment: { contratId: 'contrat-1' }, contrat: { statut: StatutContrat.RESILIE } },
      'contrat résilié',
    ],
  ])('asks for nothing of a debit %s, and says why', async (_, answers, skipped) => {
    for (const classe of [ClasseRejet.REESSAI, ClasseRejet.NOUVELLES_COORDONNEES]) {
      const { asked, handle } = handlers({ ...answers, classe });
      expect(await handle.sendRejectionEmail(event(), context)).toEqual({ skipped });
      expect(asked).toEqual([]);
    }
  });

  test.each([
    ['what is left of its invoice', 0n, '30000'],
    ['what was asked for above it, too', 20_000n, '50000'],
  ])('of a rejected debit is still to be paid %s', async (_, depassement, montantDu) => {
    const { asked, handle } = handlers({ invoice: { restantDu: 30_000n }, payment: { depassement } });
    await handle.sendRejectionEmail(event(), context);
    expect(variablesOf(asked[0])).toMatchObject({ montant: '75000', montantDu });
  });

  test('a payment of another system is told of as its event says', async () => {
    const { asked, handle } = handlers({ payment: refusal(status.NOT_FOUND) });
    await handle.sendRejectionEmail(event(), context);
    expect(variablesOf(asked[0])).toMatchObject({
      nouvellePresentation: '',
      prochaineDate: soon.toISOString(),
    });
  });

  test('new details first: asks for them', async () => {
    const { asked, handle } = handlers({ classe: ClasseRejet.NOUVELLES_COORDONNEES });
    await handle.sendRejectionEmail(event({ motifRejet: 'AC04' }), context);
    expect(asked[0]!.request).toMatchObject({ modele: 'rejet-nouvelles-coordonnees' });
    expect(variablesOf(asked[0])).toMatchObject({ motifRejet: 'AC04', prochaineDate: '' });
  });

  test.each([
    ['without an invoice', { invoiceId: '' }, {}],
    ['of another system’s invoice', {}, { invoice: refusal(status.NOT_FOUND) }],
  ])('a debit %s', async (_, fields, answers) => {
    const { asked, handle } = handlers(answers);
    expect(await handle.sendRejectionEmail(event(fields), context)).toEqual({ done: 'email-1' });
    expect(variablesOf(asked[0])).not.toHaveProperty('numero');
  });

  test('waits for factures rather than leave out what it knows', async () => {
    const { handle } = handlers({ invoice: refusal(status.UNAVAILABLE) });
    await expect(handle.sendRejectionEmail(event(), context)).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });

  test.each([
    ['a retry’s rejection', { tentative: 2 }, {}, /réessai/],
    ['a technical fault', {}, { classe: ClasseRejet.CORRECTION_TECHNIQUE }, /cette classe/],
    ['a stop', {}, { classe: ClasseRejet.ARRET }, /cette classe/],
    ['an optional retry', {}, { classe: ClasseRejet.REESSAI_SUR_OPTION }, /cette classe/],
    ['a client without an address', {}, { client: { email: '' } }, /pas d’adresse e-mail/],
  ])('%s: nothing to send, and why', async (_, fields, answers, reason) => {
    const { asked, handle } = handlers(answers);
    expect(await handle.sendRejectionEmail(event(fields), context)).toEqual({
      skipped: expect.stringMatching(reason) as string,
    });
    expect(asked).toEqual([]);
  });
});

describe('contract.signed', () => {
  const event = ContractSignedEvent.fromPartial({
    ...{ contratId: 'contrat-1', organisationId: 'org-1', clientId: 'client-1' },
  });

  test.each([
    ['mandat-1', 'PRELEVEMENT_SEPA'],
    ['', ''],
  ])('confirms it (mandate %j)', async (mandatId, modePaiement) => {
    const { asked, handle } = handlers({
      contrat: {
        ...{ reference: 'C-2026-0042', montantTotal: 123456n, nombreEcheances: 12, mandatId },
        ...{ dateSignature: '2026-06-15', datePremiereEcheance: '2026-07-15' },
      },
    });
    expect(await handle.sendContractConfirmation(event, context)).toEqual({ done: 'email-1' });
    expect(asked[0]!.request).toMatchObject({ modele: 'confirmation-contrat', clientId: 'client-1' });
    expect(variablesOf(asked[0])).toEqual({
      ...{ nom: 'Lefèvre', prenom: 'Camille', raisonSociale: '' },
      ...{ reference: 'C-2026-0042', dateSignature: '2026-06-15' },
      ...{ montantTotal: '123456', nombreEcheances: '12', datePremiereEcheance: '2026-07-15', modePaiement },
    });
  });

  test('one that was cancelled meanwhile is not confirmed, and says why', async () => {
    const { asked, handle } = handlers({ contrat: { statut: StatutContrat.RESILIE } });
    expect(await handle.sendContractConfirmation(event, context)).toEqual({
      skipped: 'le contrat est résilié',
    });
    expect(asked).toEqual([]);
  });
});

test.each(['sendInvoiceEmail', 'sendContractConfirmation'] as const)(
  '%s has nothing to do for a client without an address',
  async (name) => {
    const { asked, handle } = handlers({ client: { email: '' } });
    expect(await handle[name]({} as never, context)).toEqual({
      skipped: 'le client n’a pas d’adresse e-mail',
    });
    expect(asked).toEqual([]);
  },
);

describe('client.created', () => {
  test('a company is welcomed under its name, whoever is the person there', async () => {
    const { asked, handle } = handlers({});
    const event = { clientId: 'client-1', organisationId: 'org-1', email: 'marc@example.org' };
    const named = { nom: 'Dupont', prenom: 'Marc', raisonSociale: 'Boulangerie Le Fournil SARL' };
    await handle.sendWelcomeEmail(ClientCreatedEvent.fromPartial({ ...event, ...named }), context);
    expect(variablesOf(asked[0])).toEqual(named);
  });
});
