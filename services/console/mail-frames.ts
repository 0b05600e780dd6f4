import { descriptors, type Process } from '@crm/kit';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import type { FastifyInstance } from 'fastify';
import { FRAMED_MAIL } from './security-headers.ts';
import type { Sessions } from './sessions.ts';
import { sessionCookie } from './sign-in-routes.ts';

/** What is called here, as connect has it. */
type PreviewSend = (
  request: { id: string },
  options: { headers: Record<string, string>; timeoutMs: number },
) => Promise<{ acte: { case?: string; value?: { html: string } } }>;

const DEADLINE_MS = 30_000;

/**
 * Mails as documents of their own, for the frames of the pages: what a mail says cannot run, load or send anything, and the
 * styles in it, which a page would refuse, are its own.
 */
export function mailFrames(
  app: FastifyInstance,
  { addressOf }: Pick<Process, 'addressOf'>,
  sessions: Pick<Sessions, 'find'>,
): void {
  const relance = descriptors.getService('relance.RelanceService')!;
  const transport = createGrpcTransport({
    baseUrl: `http://${addressOf('relance')}`,
    pingIntervalMs: 30_000,
  });
  const { previewSend } = createClient(relance, transport) as unknown as { previewSend: PreviewSend };

  /** The mail that reminders would send next. */
  app.get<{ Params: { id: string } }>('/courriels/relances/:id', async (request, reply) => {
    reply.headers(FRAMED_MAIL);
    const session = await sessions.find(sessionCookie(request));
    if (!session) return await reply.code(401).send('');
    const token = await session.token().catch(() => undefined);
    if (!token) return await reply.code(401).send('');
    const headers = { authorization: `Bearer ${token}` };
    try {
      const { acte } = await previewSend({ id: request.params.id }, { headers, timeoutMs: DEADLINE_MS });
      return await reply.send(acte.case === 'courriel' ? acte.value!.html : '');
    } catch (error) {
      const { code } = ConnectError.from(error);
      return await reply.code(code === Code.NotFound || code === Code.InvalidArgument ? 404 : 503).send('');
    }
  });
}
