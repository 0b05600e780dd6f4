import { readDeliveryStatus } from './delivery-status.ts';

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

/** A report as mail servers write them (RFC 3464, appendix E). */
const report = ({ recipients = FAILED, returned = RETURNED, type = 'message/rfc822' } = {}) =>
  Buffer.from(
    `From: MAILER-DAEMON@mx.example.org
To: retours@suivi.invalid
Subject: =?utf-8?Q?Non_remis?=
Message-ID: <report@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain; charset=utf-8

Votre message n'a pas été remis.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Wed, 1 Jul 2026 10:00:00 +0200

${recipients}

--XX
Content-Type: ${type}

${returned}
--XX--
`.replaceAll('\n', '\r\n'),
  );

test.each(['message/rfc822', 'text/rfc822-headers'])('a failure, returned as %s', async (type) => {
  expect(await readDeliveryStatus(report({ type }))).toEqual({
    messageId: MESSAGE_ID,
    failed: true,
    code: '5.1.1',
    diagnostic: '550 5.1.1 <zoe@example.org>: Recipient address rejected: User unknown',
  });
});

test('a delay is no failure; of several recipients the one that failed counts', async () => {
  const delayed = 'Final-Recipient: rfc822; a@example.org\nAction: delayed\nStatus: 4.4.1';
  expect(await readDeliveryStatus(report({ recipients: delayed }))).toMatchObject({
    ...{ failed: false, code: '4.4.1', diagnostic: '' },
  });
  expect(await readDeliveryStatus(report({ recipients: `${delayed}\n\n${FAILED}` }))).toMatchObject({
    ...{ failed: true, code: '5.1.1' },
  });
});

test('a failure without a status is one of which nothing is known', async () => {
  const recipients = 'Final-Recipient: rfc822; zoe@example.org\nAction: FAILED';
  expect(await readDeliveryStatus(report({ recipients }))).toMatchObject({ failed: true, code: '5.0.0' });
});

test.each([
  ['an ordinary mail', Buffer.from('From: a@b.example\r\nMessage-ID: <x@y>\r\n\r\nBonjour'), /notification/],
  ['nothing that can be read', Buffer.from([0, 255, 254, 13, 10]), /notification/],
  ['one that returns no Message-ID', report({ returned: 'Subject: x\n\nMessage-ID: <a@b>' }), /Message-ID/],
  ['one that names no recipient', report({ recipients: '' }), /what became/],
])('%s is refused', async (_, message, words) => {
  await expect(readDeliveryStatus(message)).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(words) as string,
  });
});
