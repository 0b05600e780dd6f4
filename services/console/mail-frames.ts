import { descriptors, type Process } from '@crm/kit';
import { Code, ConnectError } from '@connectrpc/connect';
import type { FastifyInstance } from 'fastify';
import { clientOf } from './client-of.ts';
import { FRAMED_MAIL } from './security-headers.ts';
import type { Sessions } from './sessions.ts';
import { sessionCookie } from './sign-in-routes.ts';

/** What is called here, as connect has it. */
type Read<Answer, Request = { id: string }> = (
  request: Request,
  options: { headers: Record<string, string>; timeoutMs: number },
) => Promise<Answer>;
type Preview = { acte: { case?: string; value?: { html: string } } };
type Sent = { html: string };
type Template = { modele: string; organisationId: string };

const DEADLINE_MS = 30_000;

/**
 * Mails as documents of their own, for the frames of the pages: what a mail says cannot run, load or send anything, and the
 * styles in it, which a page would refuse, are its own.
 */
export function mailFrames(
  app: FastifyInstance,
  process: Pick<Process, 'addressOf'>,
  sessions: Pick<Sessions, 'find'>,
): void {
  const named = (typeName: string): unknown => clientOf(descriptors.getService(typeName)!, process);
  const { previewSend } = named('relance.RelanceService') as { previewSend: Read<Preview> };
  const { getContenu, previewTemplate } = named('email.EmailService') as {
    getContenu: Read<Sent>;
    previewTemplate: Read<Sent, Template>;
  };

  type Asked = { id: string; org?: string };
  const show = <Answer>(path: string, read: Read<Answer, Asked>, htmlOf: (answer: Answer) => string) =>
    app.get<{ Params: { id: string }; Querystring: { org?: string } }>(path, async (request, reply) => {
      reply.headers(FRAMED_MAIL);
      const { id } = request.params;
      const { org } = request.query;
      const session = await sessions.find(sessionCookie(request));
      if (!session) return await reply.code(401).send('');
      const token = await session.token().catch(() => undefined);
      if (!token) return await reply.code(401).send('');
      const headers = { authorization: `Bearer ${token}` };
      try {
        return await reply.send(
          htmlOf(
            await read({ id, ...(typeof org === 'string' && { org }) }, { headers, timeoutMs: DEADLINE_MS }),
          ),
        );
      } catch (error) {
        const { code } = ConnectError.from(error);
        return await reply.code(code === Code.NotFound || code === Code.InvalidArgument ? 404 : 503).send('');
      }
    });

  /** The mail that reminders would send next. */
  show('/courriels/relances/:id', previewSend, ({ acte }) =>
    acte.case === 'courriel' ? acte.value!.html : '',
  );
  /** A mail as it was sent. */
  show('/courriels/envoyes/:id', getContenu, ({ html }) => html);
  /** What a template says, with its own sample, in the name of an organisation: `?org=`. */
  show(
    '/courriels/modeles/:id',
    ({ id: modele, org: organisationId = '' }, options) =>
      previewTemplate({ modele, organisationId }, options),
    ({ html }) => html,
  );
}
