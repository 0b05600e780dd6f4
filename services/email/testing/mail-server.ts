import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What the server does with the next mails. */
type Manners =
  | 'accepts'
  | 'refuses'
  | 'puts-off'
  /** Takes the whole content, then breaks the connection without an answer. */
  | 'drops'
  /** Takes the whole content, and answers only after `release`. */
  | 'hangs';

export type MailServer = {
  url: string;
  manners: Manners;
  /** The contents it took, also of hanging and dropped mails. */
  received: string[];
  /** The return path of each. */
  returnPaths: string[];
  /** Answers the hanging mails. */
  release(): void;
  close(): Promise<void>;
};

/** A real SMTP server, on a free port or on that of an earlier one. */
export async function mailServer(port = 0): Promise<MailServer> {
  const hanging: (() => void)[] = [];
  const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _, done) {
      if (mails.manners === 'refuses') done(refusal(550, `5.1.1 <${address}>: no such mailbox`));
      else if (mails.manners === 'puts-off') done(refusal(451, '4.7.1 greylisted'));
      else done();
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      mails.returnPaths.push(envelope.mailFrom ? envelope.mailFrom.address : '');
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.received.push(Buffer.concat(chunks).toString());
        if (mails.manners === 'drops')
          for (const connection of server.connections) connection._socket.destroy();
        else if (mails.manners === 'hangs') hanging.push(() => done());
        else done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const bound = (server.server.address() as AddressInfo).port;
  const mails: MailServer = {
    url: `smtp://127.0.0.1:${bound}`,
    manners: 'accepts',
    received: [],
    returnPaths: [],
    release: () => hanging.splice(0).forEach((answer) => answer()),
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  return mails;
}
