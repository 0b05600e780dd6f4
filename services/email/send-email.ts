import type { Tx } from '@crm/db';
import { invalid, type Call } from '@crm/kit';
import type { Email, SendEmailRequest, SendEmailWithTemplateRequest } from '@crm/proto/email/email';
import { StatutEmail } from '@crm/proto/email/email';
import { v7 } from 'uuid';
import type { Delivery } from './deliver.ts';
import type { Mailbox } from './mail-config.ts';
import { renderTemplate } from './templates/render-template.ts';
import { usualVariables, type MailWords } from './usual-variables.ts';

/** Whom an e-mail goes to and what it says. */
type Intent = {
  organisationId: string;
  clientId: string;
  destinataire: string;
  modele: string;
  sujet: string;
  html: string;
  texte: string;
  factureId: string;
};

/**
 * Sends an e-mail as it is given.
 * @throws {RpcError} INVALID_ARGUMENT; and what `Delivery.deliver` says
 */
export const sendEmail =
  ({ MAIL_FROM }: { MAIL_FROM: Mailbox }, delivery: Delivery) =>
  async (request: SendEmailRequest, call: Call): Promise<Email> => {
    const { organisationId, clientId, destinataire, sujet, html, texte } = request;
    if (/\p{Cc}/u.test(sujet)) throw invalid('sujet', 'must be one line without control characters');
    // PostgreSQL's text cannot hold it
    for (const [field, text] of Object.entries({ html, texte })) {
      if (text.includes('\0')) throw invalid(field, 'must not contain NUL');
    }
    const intent = { organisationId, clientId, destinataire, sujet, html, texte, modele: '', factureId: '' };
    return await send(intent, MAIL_FROM, delivery, call);
  };

/**
 * Sends an e-mail made from a template: rendered now, so that every attempt says the same. The PDF of the invoice
 * that it names is rendered by factures at each attempt, and not kept here.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`; and what `Delivery.deliver` says
 */
export const sendEmailWithTemplate =
  (words: MailWords, delivery: Delivery) =>
  async (request: SendEmailWithTemplateRequest, call: Call): Promise<Email> => {
    const { organisationId, clientId, destinataire, modele, variables, factureId } = request;
    const rendered = await renderTemplate(modele, {
      ...usualVariables(words),
      ...variables,
      pieceJointe: factureId && 'facture',
    });
    const intent = { organisationId, clientId, destinataire, modele, factureId, ...rendered };
    return await send(intent, words.MAIL_FROM, delivery, call);
  };

/**
 * Records that the e-mail is to be sent, once for the call's key; then sends it. The Message-ID is made of the row's
 * id, and a repeat finds the same row, so it is the same for every attempt.
 */
async function send(intent: Intent, from: Mailbox, delivery: Delivery, call: Call): Promise<Email> {
  const record = async (tx: Tx): Promise<Email> => {
    const id = v7();
    const messageId = `${id}@${from.address.split('@')[1]!}`;
    const organisationId = intent.organisationId || 'default';
    await tx.email.create({
      data: { ...intent, id, organisationId, messageId, statut: StatutEmail.A_ENVOYER },
    });
    return await delivery.read(tx, id);
  };
  const { id } = await call.once(record, { idOf: (email) => email.id, read: delivery.read });
  return await delivery.deliver(id);
}
