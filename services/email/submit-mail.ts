import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { parseConnectionUrl } from 'nodemailer/lib/shared/index.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import type { Mailbox } from './mail-config.ts';
import { enhancedCode, refusedBy, withoutAddresses, type Refused } from './refusal.ts';

/** Limits of single steps in milliseconds: connecting, the greeting, any answer. */
const CONNECTION_MS = 3_000;
const GREETING_MS = 3_000;
const SILENCE_MS = 10_000;

/** A mail to one recipient. */
export type Mail = {
  from: Mailbox;
  /** Where answers go. Empty: to `from`. */
  replyTo: string;
  /** The envelope's sender, to which the mail comes back if it cannot be delivered (RFC 5321, 4.4). */
  returnTo: string;
  to: string;
  subject: string;
  text: string;
  /** Empty: plain text only. */
  html: string;
  /** Without the angle brackets. */
  messageId: string;
  date: Date;
  attachments?: Attachment[];
};

/** An attached file. */
export type Attachment = { filename: string; contentType: string; content: Buffer };

/** The result of an attempt, in the mail server's words, with addresses removed. */
export type Outcome =
  /** The mail server accepted it. */
  | { kind: 'sent'; words: string }
  /** The mail server certainly did not accept it, and may do so later. */
  | { kind: 'later'; words: string }
  /** The mail server refuses it as it is: what it refuses, and its status code (RFC 3463), if any. */
  | { kind: 'refused'; words: string; refuses: Refused; code: string }
  /** The content, or a part of it, was sent, and no answer came. */
  | { kind: 'unknown'; words: string };

type Server = SMTPConnection.Options & { auth?: { user: string; pass: string } };

type SmtpError = Error & {
  code?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
};

/**
 * Gives one mail to the mail server and returns the result; never throws. A failure before the content is
 * sent, also while composing, is `later`.
 *
 * It uses nodemailer's connection, not its transports: these do not tell whether a connection broke before or
 * after the content, and the pooled one sends a mail again by itself. A connection for each mail costs a few
 * round trips and leaves no doubt about the result.
 * @param url `smtp[s]://[user:password@]host[:port]`, with nodemailer's options as query parameters
 * @param timeoutMs the limit for the whole attempt
 */
export async function submitMail(url: string, mail: Mail, timeoutMs: number): Promise<Outcome> {
  try {
    const { returnTo, ...letter } = mail;
    const content = await compose(letter);
    const server = parseConnectionUrl(url) as Server;
    return await converse(server, { from: returnTo, to: mail.to }, content, timeoutMs);
  } catch (error) {
    // only composing can throw here, before the conversation
    return { kind: 'later', words: withoutAddresses((error as Error).message) };
  }
}

async function converse(
  server: Server,
  { from, to }: { from: string; to: string },
  content: Buffer,
  timeoutMs: number,
): Promise<Outcome> {
  const connection: SMTPConnection & { allowsAuth?: boolean } = new SMTPConnection({
    ...server,
    connectionTimeout: CONNECTION_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
  });
  let given = false;
  const message = new Readable({
    // read only after the server's 354
    read() {
      given = true;
      this.push(content);
      this.push(null);
    },
  });
  const envelope = { from, to: [to], size: content.length };

  return await new Promise<Outcome>((resolve) => {
    const end = (outcome: Outcome, close: () => void) => {
      // the first result counts: closing the connection causes further events
      resolve(outcome);
      clearTimeout(timer);
      close();
    };
    const hangUp = () => {
      connection.close();
      // a server that does not answer would not end the connection either
      connection._socket?.destroy();
    };
    const failed = (error: SmtpError) => end(outcomeOf(error, given, to), hangUp);
    const timer = setTimeout(() => failed(new Error(`no end within ${timeoutMs} ms`)), timeoutMs);
    connection.on('error', failed);
    connection.on('end', () => failed(new Error('connection closed')));

    // an exception in a callback of the connection would reach nobody
    const tried = (step: () => void) => {
      try {
        step();
      } catch (error) {
        failed(error as SmtpError);
      }
    };
    const send = () =>
      connection.send(envelope, message, (error, info) => {
        if (error) failed(error);
        else end({ kind: 'sent', words: withoutAddresses(info.response, to) }, () => connection.quit());
      });
    const greeted = () => {
      if (!server.auth || !connection.allowsAuth) return send();
      connection.login(server.auth, (refusal) => (refusal ? failed(refusal) : tried(send)));
    };
    tried(() => connection.connect((error) => (error ? failed(error) : tried(greeted))));
  });
}

/** Replies about our own login: authentication missing or wrong (RFC 4954, 6). */
const AUTHENTICATION = new Set([530, 534, 535, 538]);

/**
 * Interprets a failure.
 * @param given whether any content may have reached the server
 */
function outcomeOf(
  { code, command = '', message, response, responseCode = 0 }: SmtpError,
  given: boolean,
  recipient: string,
): Outcome {
  const words = withoutAddresses(response ?? message, recipient);
  const aboutTheMail = given || ['MAIL FROM', 'RCPT TO', 'DATA'].includes(command);
  const permanent = responseCode >= 500 && responseCode < 600;
  if (permanent && aboutTheMail && !AUTHENTICATION.has(responseCode)) {
    const status = enhancedCode(words);
    return {
      kind: 'refused',
      words,
      code: status,
      refuses: refusedBy(command, status, responseCode, response ?? message),
    };
  }
  if (permanent || (responseCode >= 400 && responseCode < 500)) return { kind: 'later', words };
  // nodemailer refuses itself: an address that cannot be in an envelope, or more than the server's SIZE
  if (code === 'EENVELOPE') return { kind: 'refused', words, code: '', refuses: 'address' };
  if (code === 'EMESSAGE') return { kind: 'refused', words, code: '', refuses: 'message' };
  return { kind: given ? 'unknown' : 'later', words };
}

/** Composes a mail as it is given to the mail server, without the envelope (RFC 5322). */
export async function compose({
  messageId,
  html,
  to,
  replyTo,
  ...mail
}: Omit<Mail, 'returnTo'>): Promise<Buffer> {
  const composer = new MailComposer({
    ...mail,
    ...(html && { html }),
    ...(replyTo && { replyTo: { name: '', address: replyTo } }),
    to: { name: '', address: to },
    messageId: `<${messageId}>`,
    // asks for no out-of-office answers: RFC 3834
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}
