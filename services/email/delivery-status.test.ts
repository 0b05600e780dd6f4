import { readDeliveryStatus, statusOf } from './delivery-status.ts';

const MESSAGE_ID = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000@suivi.invalid';
const FAILED = `Final-Recipient: rfc822; zoe@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <zoe@example.org>: Recipient address
    rejected: User unknown`;
const RETURNED = `Return-Path: <retours@suivi.invalid>
From: Suivi <de@suivi.invalid>
Message-ID:
 <${MESSAGE_ID}>
Subject: Message-ID: <not-this-one@example.org>

Message-ID: <nor-this-one@example.org>
`;

const MESSAGE = 'Reporting-MTA: dns; mx.example.org\nArrival-Date: Wed, 1 Jul 2026 10:00:00 +0200';

/** A report as mail servers write it (RFC 3464, appendix E). */
const report = ({
  blocks = [MESSAGE, FAILED],
  text = 'Votre message n’a pas été remis.',
  returned = RETURNED,
  returnedType = 'message/rfc822',
  type = 'message/delivery-status',
  encoding = '',
  header = '',
} = {}) => {
  const status = blocks.join('\n\n');
  return Buffer.from(
    `From: MAILER-DAEMON@mx.example.org
To: retours@suivi.invalid
Subject: =?utf-8?Q?Non_remis?=
Message-ID: <report@mx.example.org>
${header}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain; charset=utf-8

${text}

--XX
Content-Type: ${type}
${encoding && `Content-Transfer-Encoding: ${encoding}\n`}
${encoding === 'base64' ? Buffer.from(status).toString('base64') : status}

${returned && `--XX\nContent-Type: ${returnedType}\n\n${returned}\n`}--XX--
`.replaceAll('\n', '\r\n'),
  );
};

const ZOE = {
  addresses: ['zoe@example.org'],
  failed: true,
  code: '5.1.1',
  diagnostic: '550 5.1.1 <zoe@example.org>: Recipient address rejected: User unknown',
};

test.each<[string, Parameters<typeof report>[0]]>([
  ['returned whole', {}],
  ['returned as its header', { returnedType: 'text/rfc822-headers' }],
  ['with other letters', { type: 'message/global-delivery-status', returnedType: 'message/global' }],
  ['encoded in base64', { encoding: 'base64' }],
  ['without a block about the message', { blocks: [FAILED] }],
  ['in one block with what is about the message', { blocks: [`${MESSAGE}\n${FAILED}`] }],
  ['with an empty block before it', { blocks: ['', MESSAGE, '\n', FAILED] }],
  [
    'that names whom it was written to only',
    { blocks: [MESSAGE, FAILED.replace('Final-Recipient', 'Original-Recipient')] },
  ],
  ['with its fields in small letters', { blocks: [MESSAGE, FAILED.replace('Action: f', 'action : F')] }],
  [
    'that returns nothing, but tells the Message-ID',
    { returned: '', text: `Non remis.\n\n> Subject: x\n> Message-ID: <${MESSAGE_ID}>\n> To: zoe` },
  ],
  [
    'that returns nothing, but answers to the e-mail',
    { returned: '', header: `References: <other@example.org> <${MESSAGE_ID}>\n` },
  ],
])('a failure %s', async (_, as) => {
  const { messageIds, recipients } = await readDeliveryStatus(report(as));
  expect([messageIds[0], recipients]).toEqual([MESSAGE_ID, [ZOE]]);
});

test.each(['delayed', 'relayed', 'delivered', 'expanded'])('what is %s has not failed', async (action) => {
  const block = `Final-Recipient: rfc822; zoe@example.org\nAction: ${action}\nStatus: 5.1.1`;
  const { recipients } = await readDeliveryStatus(report({ blocks: [MESSAGE, block] }));
  expect(recipients).toMatchObject([{ failed: false }]);
});

test('without an action the status decides; without a diagnostic what people read says why', async () => {
  const of = async (fields: string, text = 'Bonjour') => {
    const block = `Final-Recipient: rfc822; zoe@example.org\n${fields}`;
    return (await readDeliveryStatus(report({ blocks: [MESSAGE, block], text }))).recipients[0];
  };
  expect(await of('Status: 5.1.1 (no such user)')).toMatchObject({ failed: true, code: '5.1.1' });
  expect(await of('Status: 4.4.1')).toMatchObject({ failed: false });
  expect(await of('Action: FAILED', 'zoe@example.org: 550 5.1.1 no such user\nau revoir')).toMatchObject({
    ...{ failed: true, code: '', diagnostic: '550 5.1.1 no such user' },
  });
});

test('of several recipients the one counts that the e-mail went to, or else the first that failed', async () => {
  const delayed = 'Final-Recipient: rfc822; A@example.org\nAction: delayed\nStatus: 4.4.1';
  const status = await readDeliveryStatus(report({ blocks: [MESSAGE, delayed, FAILED] }));
  expect(statusOf(status, 'zoe@example.org')).toEqual(ZOE);
  expect(statusOf(status, 'a@example.org')).toMatchObject({ failed: false, code: '4.4.1' });
  expect(statusOf(status, 'forwarded@example.org')).toEqual(ZOE);
});

/** A report without parts. */
const plain = (text: string, header = '') =>
  Buffer.from(`From: MAILER-DAEMON@mx.example.org\n${header}Subject: failure notice\n\n${text}`);
const COPY = `Received: from x by y\nMessage-ID: <${MESSAGE_ID}>\nSubject: Votre facture\n\nBonjour`;

test.each([
  [
    'qmail',
    plain(
      `Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message.\n\n<zoe@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n${COPY}`,
    ),
    {
      failed: true,
      code: '5.1.1',
      diagnostic: '<zoe@example.org>: Sorry, no mailbox here by that name. (#5.1.1)',
    },
  ],
  [
    'Exim',
    plain(
      `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered. This is a permanent error.\n\n  zoe@example.org\n    host mx.example.org [192.0.2.1]: 550 5.1.1 unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n${COPY}`,
      'X-Failed-Recipients: zoe@example.org\n',
    ),
    { addresses: ['zoe@example.org'], failed: true, code: '5.1.1', diagnostic: '550 5.1.1 unknown' },
  ],
  [
    'Exim, of a delay',
    plain(
      `A message that you sent has not yet been delivered to zoe@example.org after 24 hours.\n\nNo action is required on your part.\n\nMessage-ID: <${MESSAGE_ID}>`,
    ),
    { failed: false },
  ],
  [
    'Sendmail',
    plain(
      `   ----- Transcript of session follows -----\n>>> RCPT To:<zoe@example.org>\n<<< 550 5.1.1 User unknown\n\n   ----- Unsent message follows -----\n${COPY}`,
    ),
    { failed: true, code: '5.1.1' },
  ],
  [
    'Exchange',
    plain(
      `Your message did not reach some or all of the intended recipients.\n\nzoe@example.org on 01/07/2026 10:00\n    The e-mail account does not exist at the organization.\n    <mx.example.org #5.1.1>\n\n${COPY}`,
    ),
    { failed: true, code: '5.1.1' },
  ],
])('a text of %s', async (_, message, expected) => {
  const { messageIds, recipients } = await readDeliveryStatus(message);
  expect([messageIds[0], recipients]).toMatchObject([MESSAGE_ID, [expected]]);
});

test.each([
  ['an ordinary mail', Buffer.from('From: a@b.example\r\nMessage-ID: <x@y>\r\n\r\nBonjour'), /report/],
  [
    'one that quotes a report',
    Buffer.from(`From: zoe@example.org\n\nCould not be delivered?\n> Message-ID: <${MESSAGE_ID}>`),
    /report/,
  ],
  ['nothing that can be read', Buffer.from([0, 255, 254, 13, 10]), /report/],
  ['nothing at all', Buffer.from(''), /report/],
  ['one with more headers than an e-mail has', Buffer.from('X: y\n'.repeat(100_000)), /must be an e-mail/],
  ['one that returns no Message-ID', report({ returned: 'Subject: x\n\nMessage-ID: <a@b>' }), /Message-ID/],
  ['a text that returns nothing', plain('Could not be delivered: zoe@example.org'), /Message-ID/],
  ['one that names no recipient', report({ blocks: [MESSAGE] }), /what became/],
])('%s is refused', async (_, message, words) => {
  await expect(readDeliveryStatus(message)).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(words) as string,
  });
});

test('a hostile report is read within the time of a test', async () => {
  const long = 'a '.repeat(100_000);
  await readDeliveryStatus(plain(`Could not be delivered: ${long}\n\n${COPY}`));
  await readDeliveryStatus(report({ text: long, blocks: [`${MESSAGE}\n${long}`, `${FAILED}${long}`] }));
  await readDeliveryStatus(report({ header: `References: ${'<a@b> '.repeat(30_000)}\n` }));
});
