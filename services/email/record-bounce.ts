import type { Db, Tx } from '@crm/db';
import { failedPrecondition, notFound, unavailable, type Call } from '@crm/kit';
import {
  StatutEmail,
  type Email,
  type RecordBounceRequest,
  type RecordBounceResponse,
} from '@crm/proto/email/email';
import type { Delivery } from './deliver.ts';
import { bareMessageId, readDeliveryStatus, type DeliveryStatus } from './delivery-status.ts';
import { isOfAddress, withoutAddresses } from './refusal.ts';

/** What comes back was given to the mail server, whether we know it or not. */
const GIVEN = [StatutEmail.ENVOYE, StatutEmail.INCONNU];

/**
 * Records that an e-mail came back, and has it recorded on its client. An e-mail that came back, or was refused, stays
 * as it is; a client that could not be told then is told by the repeat.
 * @throws {RpcError} NOT_FOUND: no such e-mail. INVALID_ARGUMENT naming `rapport`. FAILED_PRECONDITION NOT_SENT: it was
 *   not given to a mail server. UNAVAILABLE: it is being sent, or clients cannot be told; call again
 */
export const recordBounce =
  (db: Db, delivery: Pick<Delivery, 'read' | 'tell'>) =>
  async (request: RecordBounceRequest, call: Call): Promise<RecordBounceResponse> => {
    const bounce = request.rapport.length > 0 ? await readDeliveryStatus(request.rapport) : told(request);
    const id = await find(db, bounce.messageId, request.destinataire);
    if (!bounce.failed) return { email: await delivery.read(db, id), enregistre: false };
    const read = async (tx: Tx): Promise<RecordBounceResponse> => {
      const email = await delivery.read(tx, id);
      return { email, enregistre: email.statut === StatutEmail.BOUNCE };
    };
    const recorded = await call.once(
      async (tx) => {
        const { destinataire } = await delivery.read(tx, id);
        await markReturned(tx, id, {
          ...bounce,
          diagnostic: withoutAddresses(bounce.diagnostic, destinataire),
        });
        const response = await read(tx);
        assertGiven(response.email!);
        return response;
      },
      { idOf: () => id, read },
    );
    await delivery.tell(id);
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
  messageId: bareMessageId(messageId),
  failed: true,
  code: code || '5.0.0',
  diagnostic,
});

async function find(db: Db, messageId: string, destinataire: string): Promise<string> {
  const row = messageId
    ? await db.email.findFirst({ where: { messageId, ...(destinataire && { destinataire }) } })
    : await db.email.findFirst({
        where: { destinataire, statut: { in: [...GIVEN, StatutEmail.BOUNCE] } },
        orderBy: { id: 'desc' },
      });
  // an address does not belong into an error
  if (!row) throw notFound('email', messageId || 'to this recipient');
  return row.id;
}

/** One statement decides. */
async function markReturned(tx: Tx, id: string, { code, diagnostic }: DeliveryStatus): Promise<void> {
  const erreur = diagnostic.includes(code) ? diagnostic : `${code} ${diagnostic}`.trim();
  await tx.$executeRaw`
    UPDATE email.emails
    SET statut = ${StatutEmail.BOUNCE}, bounce_at = now(), erreur = ${erreur}, code_refus = ${code},
      adresse_refusee = ${isOfAddress(code)}, client_informe = (client_id = '')
    WHERE id = ${id} AND statut = ANY(${GIVEN})`;
}
