import type { Db, Tx } from '@crm/db';
import { entity, notFound, type Call, type Entity } from '@crm/kit';
import {
  GenreReponse,
  Reponse,
  type RecordReplyRequest,
  type RecordReplyResponse,
} from '@crm/proto/email/email';
import { metrics } from '@opentelemetry/api';
import { v7 } from 'uuid';
import { readReply, type Reply } from './read-reply.ts';
import type { FollowReply } from './follow-reply.ts';

/** Answers as rows. */
export const replyEntity = (db: Db): Entity<Reponse, 'reponses'> =>
  entity(db, { model: 'reponse', plural: 'reponses', message: Reponse });

type Answered = { id: string; organisationId: string; clientId: string };

/**
 * Records an answer to an e-mail of ours, once for that e-mail and the answer's Message-ID, and does what
 * follows from a
 * person's answer. A repeat completes what an interrupted call left undone.
 * @param follow does what follows; may be called again
 * @throws {RpcError} INVALID_ARGUMENT naming `message`: not an e-mail, or a delivery report. NOT_FOUND: it
 * answers no
 *   e-mail of ours. And the errors of `follow`
 */
export function recordReply(db: Db, follow: FollowReply) {
  const replies = replyEntity(db);
  const counter = metrics.getMeter('suivi').createCounter('mail_replies_total', {
    description: 'Answers that came in, by what they are: reponse, automatique, sans_email',
  });
  return async ({ message }: RecordReplyRequest, call: Call): Promise<RecordReplyResponse> => {
    const reply = await readReply(message);
    const email = await answeredEmail(db, reply.answers);
    if (!email) {
      counter.add(1, { genre: 'sans_email' });
      throw notFound('email', 'that this one answers');
    }
    const recorded = await call.once((tx) => record(tx, email, reply), replies.repeat);
    counter.add(1, { genre: recorded.genre.toLowerCase() });
    if (recorded.genre === GenreReponse.REPONSE) await follow(recorded.id);
    return { reponse: await replies.read(db, recorded.id) };
  };

  async function record(tx: Tx, email: Answered, { cle, raison, de, sujet, texte }: Reply): Promise<Reponse> {
    const { id: emailId, organisationId, clientId } = email;
    const genre = raison ? GenreReponse.AUTOMATIQUE : GenreReponse.REPONSE;
    const says = { cle, genre, raison, de, sujet, texte };
    await tx.reponse.createMany({
      data: [{ id: v7(), emailId, organisationId, clientId, ...says }],
      skipDuplicates: true,
    });
    return replies.toMessage(
      await tx.reponse.findUniqueOrThrow({ where: { emailId_cle: { emailId, cle } } }),
    );
  }
}

/** The nearest answered e-mail that is ours. */
async function answeredEmail(db: Db, answers: string[]): Promise<Answered | undefined> {
  const rows = await db.email.findMany({
    where: { messageId: { in: answers } },
    select: { id: true, messageId: true, organisationId: true, clientId: true },
  });
  const id = answers.find((one) => rows.some(({ messageId }) => messageId === one));
  return rows.find(({ messageId }) => messageId === id);
}
