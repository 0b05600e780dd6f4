import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { submitMail, type Outcome } from './submit-mail.ts';

/** A server's answer to each command. `undefined`: none; `null`: it breaks the connection. */
type Script = Partial<
  Record<'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | '.', string | null | undefined>
>;
const POLITE: Script = {
  greeting: '220 ready',
  EHLO: '250-here\r\n250 SIZE 5000',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  '.': '250 taken',
};

const opened: Server[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => new Promise((done) => server.close(done)))));

/** A mail server that follows a script. */
async function scripted(script: Script): Promise<string> {
  const says = { ...POLITE, ...script };
  const answer = (socket: Socket, key: keyof Script) =>
    says[key] === null ? socket.destroy() : says[key] !== undefined && socket.write(`${says[key]}\r\n`);
  const server = createServer((socket) => {
    let content: string | undefined;
    socket.on('error', () => undefined);
    answer(socket, 'greeting');
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      if (content !== undefined) {
        content += text;
        if (!content.endsWith('\r\n.\r\n')) return;
        content = undefined;
        answer(socket, '.');
      } else if (text.startsWith('QUIT')) socket.end('221 bye\r\n');
      else {
        if (text.startsWith('DATA')) content = '';
        answer(socket, text.slice(0, 4) as keyof Script);
      }
    });
  });
  opened.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const mail = {
  from: { name: 'Suivi', address: 'de@suivi.invalid' },
  replyTo: '',
  returnTo: 'retours@suivi.invalid',
  to: 'zoe@example.org',
  subject: 'Été',
  text: 'Bonjour',
  html: '',
  messageId: 'm1@suivi.invalid',
  date: new Date(0),
};

test.each<[string, Script, Outcome['kind'], RegExp]>([
  ['takes it', {}, 'sent', /250 taken/],
  ['greets with a refusal: it is not about the mail', { greeting: '554 go away' }, 'later', /554/],
  ['does not greet', { greeting: null }, 'later', /closed/],
  ['says nothing', { greeting: undefined }, 'later', /no end within/],
  ['refuses the sender', { MAIL: '553 not you' }, 'refused', /553/],
  ['wants a login', { MAIL: '530 authenticate first' }, 'later', /530/],
  ['refuses the recipient', { RCPT: '550 <zoe@example.org> unknown' }, 'refused', /^550 <…> unknown$/],
  ['puts the recipient off', { RCPT: '451 grey' }, 'later', /451/],
  ['breaks before DATA is answered', { DATA: null }, 'later', /closed|ECONNRESET/],
  ['refuses DATA', { DATA: '554 no' }, 'refused', /554/],
  ['refuses the content', { '.': '554 spam' }, 'refused', /554/],
  ['puts the content off', { '.': '452 full' }, 'later', /452/],
  ['shuts down instead of taking the content', { '.': '421 stopping' }, 'later', /421/],
  ['breaks after the content', { '.': null }, 'unknown', /closed|ECONNRESET/],
  ['says nothing after the content', { '.': undefined }, 'unknown', /no end within/],
])('a server that %s', async (_, script, kind, words) => {
  const outcome = await submitMail(`smtp://${await scripted(script)}`, mail, 500);
  expect(outcome).toMatchObject({ kind, words: expect.stringMatching(words) as string });
});

test('a wrong password is not about the mail', async () => {
  const at = await scripted({ EHLO: '250 AUTH PLAIN', AUTH: '535 wrong' });
  expect(await submitMail(`smtp://user:secret@${at}`, mail, 500)).toMatchObject({ kind: 'later' });
});

test('a mail over the server’s SIZE is refused', async () => {
  const text = 'x'.repeat(6000);
  expect(await submitMail(`smtp://${await scripted({})}`, { ...mail, text }, 500)).toMatchObject({
    kind: 'refused',
  });
});

test('an address that cannot be in an envelope is refused', async () => {
  const outcome = await submitMail(`smtp://${await scripted({})}`, { ...mail, to: '<zoe@example.org' }, 500);
  expect(outcome).toMatchObject({ kind: 'refused', words: expect.not.stringContaining('zoe@') as string });
});

test('a mail that cannot be composed is put off', async () => {
  const text = { path: '/etc/hostname' } as unknown as string;
  expect(await submitMail(`smtp://${await scripted({})}`, { ...mail, text }, 500)).toEqual({
    kind: 'later',
    words: expect.stringMatching(/rejected/) as string,
  });
});

test('a server’s address that cannot be read puts the mail off', async () => {
  expect(await submitMail('smtp://us%zz:secret@127.0.0.1', mail, 500)).toEqual({
    kind: 'later',
    words: 'URI malformed',
  });
});

test('nobody there', async () => {
  expect(await submitMail('smtp://127.0.0.1:1', mail, 500)).toMatchObject({ kind: 'later' });
});

test.each<[string, Script, { refuses: string; code: string }]>([
  ['the sender', { MAIL: '553 5.1.8 not you' }, { refuses: 'sender', code: '5.1.8' }],
  ['an unknown mailbox', { RCPT: '550 5.1.1 unknown' }, { refuses: 'address', code: '5.1.1' }],
  ['an unknown mailbox, without a code', { RCPT: '550 unknown' }, { refuses: 'address', code: '' }],
  ['a mailbox that is disabled', { '.': '554 5.2.1 disabled' }, { refuses: 'address', code: '5.2.1' }],
  ['a full mailbox', { RCPT: '552 5.2.2 full' }, { refuses: 'message', code: '5.2.2' }],
  ['us, by a blocklist', { RCPT: '550 5.7.1 blocked' }, { refuses: 'message', code: '5.7.1' }],
  ['the content', { '.': '554 spam' }, { refuses: 'message', code: '' }],
])('what a server refuses: %s', async (_, script, refusal) => {
  expect(await submitMail(`smtp://${await scripted(script)}`, mail, 500)).toMatchObject({
    kind: 'refused',
    ...refusal,
  });
});

test('a server’s words name nobody, whole address or a part of it', async () => {
  const url = `smtp://${await scripted({ RCPT: '550 5.1.1 zoe.lefevre unknown, zoe.lefevre@example.org' })}`;
  const { words } = await submitMail(url, { ...mail, to: 'zoe.lefevre@example.org' }, 500);
  expect(words).toBe('550 5.1.1 … unknown, …');
});
