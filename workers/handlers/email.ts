import {
  clientVariables,
  contractVariables,
  invoiceVariables,
  leftToPay,
  obstacleTo,
  paymentVariables,
  reasonNotToMail,
  type MailTemplate,
  type MailVariables,
} from '@crm/domain';
import { orUndefined } from '@crm/kit';
import { Client } from '@crm/proto/clients/clients';
import { StatutContrat } from '@crm/proto/contrats/contrats';
import { Eligibilite } from '@crm/proto/retry/retry';
import type { PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import type { HandlerContext, Handlers, Outcome } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { notNew } from './not-new.ts';
import { rejectionClass } from './rejection-classes.ts';

/** The obstacles to another debit that leave the payment owed: its mail then asks for another way to pay. */
const STILL_OWED: Eligibilite[] = [
  Eligibilite.NOT_ELIGIBLE_MANDATE_REVOKED,
  Eligibilite.NOT_ELIGIBLE_CLIENT_BLOCKED,
];

/** Handlers of the email service. */
export const emailHandlers = (services: Services) => {
  const { clients, contrats, email, factures, motifsRejet, retries } = services;
  type MailToClient = {
    organisationId: string;
    clientId: string;
    destinataire: string;
    modele: MailTemplate;
    variables: MailVariables;
    factureId?: string;
  };
  const send = async (mail: MailToClient, { metadata, deadlineMs }: HandlerContext): Promise<Outcome> => {
    const { id } = await email.sendEmailWithTemplate(mail, { metadata, deadlineMs });
    return { done: id };
  };
  /** A payment may name an invoice of another system: the mail then goes without what only factures knows. */
  const invoiceOf = async ({ invoiceId }: PaymentRejectedEvent, deadlineMs: number) => {
    if (!invoiceId) return undefined;
    return await orUndefined(factures.get({ id: invoiceId }, { deadlineMs }));
  };
  /** When a rejected debit is presented again, if that is certain. A day in the past is not: it was moved. */
  const nextDate = async (event: PaymentRejectedEvent, deadlineMs: number): Promise<string> => {
    const { organisationId, motifRejet, dateRejet } = event;
    const preview = await retries.previewRetry({ organisationId, motifRejet, dateRejet }, { deadlineMs });
    const next = preview.tentatives[0]?.datePrevue;
    const certain = preview.eligibilite === Eligibilite.ELIGIBLE && next && next.getTime() > Date.now();
    return certain ? next.toISOString() : '';
  };

  return {
    async sendWelcomeEmail(event, context) {
      const old = notNew(event);
      if (old) return old;
      const reason = reasonNotToMail(Client.fromPartial(event));
      if (reason) return { skipped: reason };
      const { organisationId, clientId, email: destinataire } = event;
      const mail = {
        organisationId,
        clientId,
        destinataire,
        modele: 'bienvenue' as const,
        variables: clientVariables(event),
      };
      return await send(mail, context);
    },
    async sendInvoiceEmail({ organisationId, clientId, invoiceId }, context) {
      const { deadlineMs } = context;
      const client = await clients.get({ id: clientId }, { deadlineMs });
      const reason = reasonNotToMail(client);
      if (reason) return { skipped: reason };
      const invoice = await factures.get({ id: invoiceId }, { deadlineMs });
      const mail = { organisationId, clientId, destinataire: client.email, modele: 'facture' as const };
      const { couvertures } = await services.payments.getCouvertures(
        { invoiceIds: [invoiceId] },
        { deadlineMs },
      );
      const cover = couvertures[0];
      const debited = { montantPreleve: cover?.montant ?? 0n, preleveLe: cover?.preleveLe ?? '' };
      const variables = invoiceVariables(client, invoice, debited);
      return await send({ ...mail, variables, factureId: invoiceId }, context);
    },
    async sendRejectionEmail(event, context) {
      const { organisationId, clientId, montant, motifRejet, dateRejet, tentative } = event;
      const { deadlineMs } = context;
      const { classe } = await motifsRejet.get({ code: motifRejet }, { deadlineMs });
      const { modele, presentedAgain } = rejectionClass(classe);
      if (tentative > 1 && presentedAgain) {
        return { skipped: 'rejet d’un réessai : le suivi du réessai en informe le client' };
      }
      if (!modele) return { skipped: 'aucun e-mail pour cette classe de rejet' };
      const client = await clients.get({ id: clientId }, { deadlineMs });
      const reason = reasonNotToMail(client);
      if (reason) return { skipped: reason };
      const obstacle = await obstacleTo(services, event.paymentId, { deadlineMs });
      const owes = !obstacle || STILL_OWED.includes(obstacle.eligibilite);
      if (!owes) return { skipped: obstacle.motifFin };
      const [invoice, payment, prochaineDate] = await Promise.all([
        invoiceOf(event, deadlineMs),
        orUndefined(services.payments.get({ id: event.paymentId }, { deadlineMs })),
        presentedAgain && !obstacle ? nextDate(event, deadlineMs) : '',
      ]);
      const variables = {
        ...paymentVariables(
          client,
          { montant, montantDu: leftToPay({ montant, depassement: payment?.depassement ?? 0n }, invoice) },
          invoice,
        ),
        ...{ motifRejet, dateRejet: dateRejet!.toISOString(), prochaineDate },
        nouvellePresentation: obstacle ? 'EXCLUE' : '',
      };
      return await send({ organisationId, clientId, destinataire: client.email, modele, variables }, context);
    },
    async sendContractConfirmation({ organisationId, clientId, contratId }, context) {
      const { deadlineMs } = context;
      const client = await clients.get({ id: clientId }, { deadlineMs });
      const reason = reasonNotToMail(client);
      if (reason) return { skipped: reason };
      const contrat = await contrats.get({ id: contratId }, { deadlineMs });
      if (contrat.statut === StatutContrat.RESILIE) return { skipped: 'le contrat est résilié' };
      const mail = {
        organisationId,
        clientId,
        destinataire: client.email,
        modele: 'confirmation-contrat' as const,
      };
      return await send({ ...mail, variables: contractVariables(client, contrat) }, context);
    },
  } satisfies Partial<Handlers>;
};
