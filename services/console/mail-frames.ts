import { descriptors, type Process } from '@crm/kit';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import type { FastifyInstance } from 'fastify';
import type { ServiceName } from '@crm/kit/ports';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FRAMED_MAIL } from './security-headers.ts';
import type { Sessions } from './sessions.ts';
import { sessionCookie } from './sign-in-routes.ts';

type Options = { headers: Record<string, string>; timeoutMs: number };

/** What is called here, as connect has it. */
type Read<Answer> = (
  request: { id: string },
  options: { headers: Record<string, string>; timeoutMs: number },
) => Promise<Answer>;
type Preview = { acte: { case?: string; value?: { html: string } } };
type Sent = { html: string };
  options: Options,
) => Promise<{ acte: { case?: string; value?: { html: string } } }>;
type PreviewTemplate = (
  request: { modele: string; organisationId: string },
  options: Options,
) => Promise<{ html: string }>;

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
  const clientOf = (typeName: string, name: ServiceName) => {
    const transport = createGrpcTransport({ baseUrl: `http://${addressOf(name)}`, pingIntervalMs: 30_000 });
    return createClient(descriptors.getService(typeName)!, transport) as unknown;
  };
  const { previewSend } = clientOf('relance.RelanceService', 'relance') as { previewSend: Read<Preview> };
  const { getContenu } = clientOf('email.EmailService', 'email') as { getContenu: Read<Sent> };

  const show = <Answer>(path: string, read: Read<Answer>, htmlOf: (answer: Answer) => string) =>
    app.get<{ Params: { id: string } }>(path, async (request, reply) => {
      reply.headers(FRAMED_MAIL);
      const session = await sessions.find(sessionCookie(request));
      if (!session) return await reply.code(401).send('');
      const token = await session.token().catch(() => undefined);
      if (!token) return await reply.code(401).send('');
      const headers = { authorization: `Bearer ${token}` };
      try {
        return await reply.send(
          htmlOf(await read({ id: request.params.id }, { headers, timeoutMs: DEADLINE_MS })),
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
  const clientOf = (name: 'relance.RelanceService' | 'email.EmailService'): unknown => {
    const service = descriptors.getService(name)!;
    const address = addressOf(service.file.proto.package as ServiceName);
    const transport = createGrpcTransport({ baseUrl: `http://${address}`, pingIntervalMs: 30_000 });
    return createClient(service, transport);
  const { previewSend } = clientOf('relance.RelanceService') as { previewSend: PreviewSend };
  const { previewTemplate } = clientOf('email.EmailService') as { previewTemplate: PreviewTemplate };
  /** A mail with the person's own token; empty without a session. */
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    read: (options: Options) => Promise<string>,
  ): Promise<unknown> => {
    reply.headers(FRAMED_MAIL);
    const session = await sessions.find(sessionCookie(request));
    if (!session) return await reply.code(401).send('');
    const token = await session.token().catch(() => undefined);
    if (!token) return await reply.code(401).send('');
    const headers = { authorization: `Bearer ${token}` };
    try {
      return await reply.send(await read({ headers, timeoutMs: DEADLINE_MS }));
    } catch (error) {
      const { code } = ConnectError.from(error);
      return await reply.code(code === Code.NotFound || code === Code.InvalidArgument ? 404 : 503).send('');
    }
  app.get<{ Params: { id: string } }>('/courriels/relances/:id', (request, reply) =>
    show(request, reply, async (options) => {
      const { acte } = await previewSend({ id: request.params.id }, options);
      return acte.case === 'courriel' ? acte.value!.html : '';
    }),
  /** What a template says, with its own sample, in the name of an organisation. */
  app.get<{ Params: { modele: string }; Querystring: { org?: string } }>(
    '/courriels/modeles/:modele',
    (request, reply) =>
      show(request, reply, async (options) => {
        const { modele } = request.params;
        const organisationId = String(request.query.org ?? '');
        return (await previewTemplate({ modele, organisationId }, options)).html;
      }),
}
