import type { Societes } from '@crm/domain';
import type { Db, Tx } from '@crm/db';
import { failedPrecondition, invalid, type Call, organisationOrDefault } from '@crm/kit';
import type { Email, SendEmailRequest, SendEmailWithTemplateRequest } from '@crm/proto/email/email';
import { StatutEmail } from '@crm/proto/email/email';
import { v7 } from 'uuid';
import type { Delivery } from './deliver.ts';
import { repeatedEmail, type Intent } from './repeated-email.ts';
import { senderOf, type Sender } from './sender.ts';
import { societeOf } from './societe-of.ts';
import { renderTemplate } from './templates/render-template.ts';
import { usualVariables, type MailWords } from './usual-variables.ts';

/** What sending needs. */
export type Sending = {
  db: Db;
  words: MailWords;
  societes: Societes;
  delivery: Delivery;
  /** Why nothing is sent to an address; empty if it is. */
  refusal: (to: { clientId: string; destinataire: string }) => Promise<string>;
};

/**
 * Sends an e-mail with the given text.
 * @throws {RpcError} INVALID_ARGUMENT; and the errors of `societeOf`, `senderOf` and `send`
 */
export const sendEmail =
  (sending: Sending) =>
  async (request: SendEmailRequest, call: Call): Promise<Email> => {
    const { clientId, destinataire, sujet, html, texte } = request;
    if (/\p{Cc}/u.test(sujet)) throw invalid('sujet', 'must be one line without control characters');
    // PostgreSQL cannot store NUL in a text
    for (const [field, text] of Object.entries({ html, texte })) {
      if (text.includes('\0')) throw invalid(field, 'must not contain NUL');
    }
    const organisationId = organisationOrDefault(request.organisationId);
    const sender = senderOf(sending.words, await societeOf(sending.societes, organisationId));
    const none = { modele: '', factureId: '', avoirId: '', envoi: '', factures: [] };
    const intent = { organisationId, clientId, destinataire, sujet, html, texte, ...none };
    return await send(intent, sender, sending, call);
  };

/**
 * Sends an e-mail made from a template. It is rendered now, so that every attempt sends the same text and
 * sender. An
 * attached PDF is rendered by factures at each attempt and not stored here.
 * @throws {RpcError} INVALID_ARGUMENT naming `envoi`, `modele`, `avoirId` or `variables.<name>`; and the errors of
 * `societeOf`,
 *   `senderOf` and `send`
 */
export const sendEmailWithTemplate =
  (sending: Sending) =>
  async (request: SendEmailWithTemplateRequest, call: Call): Promise<Email> => {
    const { clientId, destinataire, modele, variables, factureId, avoirId, envoi, factures } = request;
    // a stranger who used a follow-up's first would have the debtor never written to
    if (envoi && !call.caller.service)
      throw invalid('envoi', 'is said by services only: use an idempotency-key to send an e-mail once');
    if (factureId && avoirId) throw invalid('avoirId', 'must be left out beside factureId: one PDF a mail');
    const organisationId = organisationOrDefault(request.organisationId);
    const { words, societes } = sending;
    const societe = await societeOf(societes, organisationId);
    const rendered = await renderTemplate(modele, {
      ...usualVariables(words, societe),
      ...variables,
      pieceJointe: (factureId && 'facture') || (avoirId && 'avoir'),
    });
    const pdf = { factureId, avoirId };
    const intent = { organisationId, clientId, destinataire, modele, ...pdf, envoi, factures, ...rendered };
    return await send(intent, senderOf(words, societe), sending, call);
  };

/**
 * Records an e-mail, once for the call's idempotency key and for its `envoi`, then sends it. The Message-ID
 * is made from
 * the row's id, and a repeat finds the same row, so all attempts have the same Message-ID.
 * @throws {RpcError} FAILED_PRECONDITION ADRESSE_REFUSEE: nothing is recorded, and a recorded mail stays
 * unsent; and the
 *   errors of `refusedAddress` and `Delivery.deliver`
 */
async function send(
  intent: Intent,
  { name: expediteurNom, address: expediteurAdresse, replyTo }: Sender,
  { db, words: { MAIL_FROM }, delivery, refusal }: Sending,
  call: Call,
): Promise<Email> {
  const refused = await refusal(intent);
  const record = async (tx: Tx): Promise<Email> => {
    const says = { ...intent, expediteurNom, expediteurAdresse, replyTo };
    const earlier = await repeatedEmail(tx, says);
    if (earlier) return await delivery.read(tx, earlier);
    if (refused) throw failedPrecondition('ADRESSE_REFUSEE', refused);
    const id = v7();
    const messageId = `${id}@${MAIL_FROM.address.split('@')[1]!}`;
    await tx.email.create({ data: { ...says, id, messageId, statut: StatutEmail.A_ENVOYER } });
    return await delivery.read(tx, id);
  };
  const { id } = await call.once(record, { idOf: (email) => email.id, read: delivery.read });
  // another mail was refused after this one was recorded; if this one was sent already, it is returned
  if (refused && (await delivery.read(db, id)).statut === StatutEmail.A_ENVOYER) {
    throw failedPrecondition('ADRESSE_REFUSEE', refused);
  }
  return await delivery.deliver(id);
}
