import type { Db, Tx } from '@crm/db';
import { failedPrecondition, notFound, unavailable, type Call } from '@crm/kit';
import {
  StatutEmail,
  type Email,
  type RecordBounceRequest,
  type RecordBounceResponse,
} from '@crm/proto/email/email';
import type { Delivery } from './deliver.ts';
import { bareMessageId, readDeliveryStatus, statusOf, type DeliveryStatus } from './delivery-status.ts';
import type { RecipientStatus } from './recipient-status.ts';
import { enhancedCode, isOfAddress, withoutAddresses } from './refusal.ts';

/** States in which an e-mail can come back: it was given, or may have been given, to the mail server. */
const GIVEN = [StatutEmail.ENVOYE, StatutEmail.INCONNU];

/** The status code of an unspecified failure (RFC 3463). */
const UNKNOWN = '5.0.0';

/**
 * Records that an e-mail came back, also with its client. An e-mail that came back or was refused before does
 * not change;
 * if its client could not be told then, or what follows could not be done (`follow-bounce.ts`), a repeat does it.
 * @throws {RpcError} NOT_FOUND: no such e-mail. INVALID_ARGUMENT naming `rapport`. FAILED_PRECONDITION
 * NOT_SENT: it was
 *   never given to a mail server. UNAVAILABLE: it is being sent, or clients or activites is away; call again
 */
export const recordBounce =
  (db: Db, delivery: Pick<Delivery, 'read' | 'tell'>, follow: (id: string) => Promise<void>) =>
  async (request: RecordBounceRequest, call: Call): Promise<RecordBounceResponse> => {
    const report = request.rapport.length > 0 ? await readDeliveryStatus(request.rapport) : told(request);
    const { id, destinataire } = await find(db, report.messageIds, request.destinataire);
    const status = statusOf(report, destinataire);
    if (!status.failed) return { email: await delivery.read(db, id), enregistre: false };
    const read = async (tx: Tx): Promise<RecordBounceResponse> => {
      const email = await delivery.read(tx, id);
      return { email, enregistre: email.statut === StatutEmail.BOUNCE };
    };
    const recorded = await call.once(
      async (tx) => {
        await markReturned(tx, id, status, destinataire);
        const response = await read(tx);
        assertGiven(response.email!);
        return response;
      },
      { idOf: () => id, read },
    );
    await delivery.tell(id);
    await follow(id);
    return recorded;
  };

function assertGiven({ id, statut }: Email): void {
  if (statut === StatutEmail.EN_COURS) throw unavailable('MAIL_IN_PROGRESS', `email ${id} is being sent`);
  if (statut === StatutEmail.A_ENVOYER) {
    throw failedPrecondition(
      'NOT_SENT',
      `email ${id} was not given to a mail server: it cannot have come back`,
    );
  }
}

const told = ({ messageId, code, diagnostic }: RecordBounceRequest): DeliveryStatus => ({
  messageIds: messageId ? [bareMessageId(messageId)] : [],
  recipients: [{ addresses: [], failed: true, code, diagnostic }],
});

/** The e-mail of the first Message-ID that is ours. */
async function find(
  db: Db,
  messageIds: string[],
  destinataire: string,
): Promise<{ id: string; destinataire: string }> {
  const select = { id: true, destinataire: true, messageId: true };
  if (messageIds.length === 0) {
    const row = await db.email.findFirst({
      where: { destinataire, statut: { in: [...GIVEN, StatutEmail.BOUNCE] } },
      orderBy: { id: 'desc' },
      select,
    });
    // an error message must not contain an address
    if (!row) throw notFound('email', 'to this recipient');
    return row;
  }
  const rows = await db.email.findMany({
    where: { messageId: { in: messageIds }, ...(destinataire && { destinataire }) },
    select,
  });
  for (const one of messageIds) {
    const row = rows.find(({ messageId }) => messageId === one);
    if (row) return row;
  }
  throw notFound('email', messageIds[0]!);
}

/** A single statement, so that concurrent calls decide once. */
async function markReturned(
  tx: Tx,
  id: string,
  { code: told, diagnostic }: RecipientStatus,
  destinataire: string,
): Promise<void> {
  const code = enhancedCode(diagnostic) || told || UNKNOWN;
  const words = withoutAddresses(diagnostic, destinataire);
  const erreur = words.includes(code) ? words : `${code} ${words}`.trim();
  await tx.$executeRaw`
    UPDATE email.emails
    SET statut = ${StatutEmail.BOUNCE}, bounce_at = now(), erreur = ${erreur}, code_refus = ${code},
      adresse_refusee = ${isOfAddress(told, diagnostic)}, client_informe = (client_id = '')
    WHERE id = ${id} AND statut = ANY(${GIVEN})`;
}
