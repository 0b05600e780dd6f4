import { readReply } from './read-reply.ts';

const OURS = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000@suivi.invalid';
const OLDER = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001@suivi.invalid';

/** An e-mail as it arrives. */
const mail = (header: string, body = 'Bonjour, je paie demain.', subject = 'Re: Votre facture F-2026-0042') =>
  Buffer.from(
    `From: Zoé <zoe@example.org>\nTo: retours@suivi.invalid\nMessage-ID: <reply-1@example.org>\nSubject: ${subject}\nIn-Reply-To: <${OURS}>\n${header}\n${body}`,
  );
const typed = (type: string, body: string) => mail(`MIME-Version: 1.0\nContent-Type: ${type}\n`, body);
const parts = (type: string, ...each: string[]) =>
  typed(`${type}; boundary="XX"`, `${each.map((part) => `--XX\n${part}\n`).join('')}--XX--\n`);

test('an answer: whom it answers, who says that they wrote it, and what', async () => {
  expect(await readReply(mail(`References: <${OLDER}> <${OURS}>\n`))).toEqual({
    cle: 'reply-1@example.org',
    answers: [OURS, OLDER],
    raison: '',
    de: 'zoe@example.org',
    sujet: 'Re: Votre facture F-2026-0042',
    texte: 'Bonjour, je paie demain.',
  });
});

test.each([
  ['References alone, the last one nearest', `References: <${OLDER}>\n <x@y> <${OURS}>\n`, [OURS, OLDER]],
  ['brackets forgotten', `In-Reply-To: ${OURS}\n`, [OURS]],
  ['words around it', `In-Reply-To: Message from Suivi <${OURS}> of Monday\n`, [OURS]],
  ['in capital letters', `In-Reply-To: <${OURS.toUpperCase()}>\n`, [OURS.toUpperCase(), OURS]],
  ['none', '', []],
])('whom it answers: %s', async (_, header, answers) => {
  expect((await readReply(Buffer.from(`From: a@b.example\n${header}\nBonjour`))).answers).toEqual(answers);
});

test.each([
  [
    'French',
    'Je paie.\n\nLe ven. 3 juil. 2026 à 10:00, Suivi <a@b.fr> a écrit :\n> Bonjour\n> payez',
    'Je paie.',
  ],
  [
    'Outlook',
    'Je paie.\n\nDe : Suivi <a@b.fr>\nEnvoyé : vendredi 3 juillet\nÀ : Zoé\nObjet : F\n\nPayez',
    'Je paie.',
  ],
  ['Outlook’s line', 'Je paie.\n\n-----Message d’origine-----\nDe : Suivi\n\nPayez', 'Je paie.'],
  [
    'a program’s line',
    'Je paie.\n-------- Message d’origine --------\nDe : Suivi\nObjet : F\n\nPayez',
    'Je paie.',
  ],
  [
    'a line that was a rule in HTML',
    `Je paie.\n\n${'-'.repeat(80)}\nDe : Suivi <a@b.fr>\nEnvoyé : vendredi\nÀ : Zoé\nObjet : F\n\nPayez`,
    'Je paie.',
  ],
  ['English', 'I pay.\n\nOn Fri, Jul 3, 2026 at 10:00 AM Suivi <a@b.fr> wrote:\n> Bonjour', 'I pay.'],
  ['below it', '> Payez\n\nC’est fait.', 'C’est fait.'],
])('what is quoted is left out: %s', async (_, body, texte) => {
  expect((await readReply(mail('', body))).texte).toBe(texte);
});

test('HTML alone is read as text, calendars and signatures as what is with them, what is sealed is said to be', async () => {
  const html =
    '<html><body><p>Je <b>paie</b>.</p><blockquote>Payez</blockquote><script>x()</script></body></html>';
  expect((await readReply(typed('text/html; charset=utf-8', html))).texte).toBe('Je paie.');
  const text = 'Content-Type: text/plain; charset=utf-8\n\nJe paie.';
  const signed = parts(
    'multipart/signed; protocol="application/pkcs7-signature"',
    text,
    'Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB',
  );
  expect(await readReply(signed)).toMatchObject({ raison: '', texte: 'Je paie.' });
  const meeting = parts(
    'multipart/mixed',
    text,
    'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR',
  );
  expect(await readReply(meeting)).toMatchObject({ raison: '', texte: 'Je paie.' });
  for (const sealed of [
    typed('application/pkcs7-mime; smime-type=enveloped-data', 'MIIB'),
    parts(
      'multipart/encrypted; protocol="application/pgp-encrypted"',
      'Content-Type: application/pgp-encrypted\n\nVersion: 1',
      'Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----',
    ),
  ]) {
    expect(await readReply(sealed)).toMatchObject({
      raison: '',
      texte: '(message chiffré: à lire dans la boîte aux lettres)',
    });
  }
});

test.each<[string, Buffer]>([
  ['Auto-Submitted: auto-replied', mail('Auto-Submitted: auto-replied (vacation)\n')],
  ['Auto-Submitted: auto-generated', mail('Auto-Submitted: auto-generated\n')],
  ['x-autoreply: yes', mail('X-Autoreply: yes\n')],
  ['Precedence: bulk', mail('Precedence: bulk\n')],
  ['Precedence: auto_reply', mail('Precedence: auto_reply\n')],
  ['Return-Path: <>', mail('Return-Path: <>\n')],
  [
    'accusé de lecture',
    parts(
      'multipart/report; report-type=disposition-notification',
      'Content-Type: text/plain\n\nLu',
      'Content-Type: message/disposition-notification\n\nDisposition: x',
    ),
  ],
  [
    'rapport: multipart/report',
    parts('multipart/report; report-type=feedback-report', 'Content-Type: text/plain\n\nabuse'),
  ],
  [
    'réponse de calendrier',
    parts('multipart/mixed', 'Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR'),
  ],
  [
    'objet d’une réponse automatique',
    mail('', 'Je serai de retour lundi.', 'Réponse automatique : Votre facture'),
  ],
  ['objet d’une réponse automatique', mail('', 'Absent.', '=?utf-8?Q?Absence_du_bureau?= : x')],
  ['objet d’une réponse automatique', mail('', 'x', 'Out of Office: Votre facture')],
  ['objet d’une réponse automatique', mail('', 'x', 'Lu : Votre facture')],
  ...[
    'Message automatique : absence',
    'Absence : congés',
    'Absence Re: Votre facture',
    '[Absence] Re: Votre facture',
    'Absente jusqu’au 5 janvier Re: Votre facture',
    'Je suis absent(e) Re: Votre facture',
    'Notification d’absence',
    'Avis d’absence',
    'Réponse d’absence : Votre facture',
    'Répondeur automatique',
    'Accusé de réception automatique',
    'AUTO: Zoé is out of the office',
    '[EXTERNE] Réponse automatique : Votre facture',
    'Réponse automatique : Votre facture'.normalize('NFD'),
  ].map((subject): [string, Buffer] => [
    'objet d’une réponse automatique',
    mail('', 'x', `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`),
  ]),
  ['texte d’une réponse automatique', mail('', 'Votre message est arrivé (réponse automatique).')],
  [
    'texte d’une réponse automatique',
    mail('', 'Bonjour,\nCeci est un message automatique, merci de ne pas y répondre.'),
  ],
  ['texte d’une réponse automatique', mail('', 'Bonjour, ce message est généré automatiquement.')],
])('a machine’s, without its text: %s', async (raison, message) => {
  expect(await readReply(message)).toMatchObject({
    raison: expect.stringContaining(raison) as string,
    texte: '',
  });
});

test.each([
  ['who is away and pays later', mail('', 'Je suis absent jusqu’au 12, je règle à mon retour.')],
  ['with Auto-Submitted: no', mail('Auto-Submitted: no\n')],
  ['who answers a machine’s subject', mail('', 'Je paie.', 'Re: Réponse automatique : Votre facture')],
  [
    'who quotes a machine',
    mail('', 'Je paie.\n\nLe 3 juillet 2026, Suivi a écrit :\n> Ceci est un message automatique'),
  ],
  ['from another address', Buffer.from(`From: compta@autre.example\nIn-Reply-To: <${OURS}>\n\nPayé`)],
  ['who writes nothing', mail('', '')],
  ['who speaks of an absence', mail('', 'x', 'Absence de bon de commande')],
  ['who was absent', mail('', 'x', 'Absent mardi, je paie mercredi')],
  ['who speaks of a machine', mail('', 'J’ai reçu un message automatique, pourquoi ?')],
  ['with a mark of their mail server', mail('', 'x', '[EXTERNE] Re: Votre facture')],
])('a person’s: of one %s', async (_, message) => {
  expect((await readReply(message)).raison).toBe('');
});

test('what has no Message-ID is the same as what says the same', async () => {
  const of = async (text: string) => (await readReply(Buffer.from(`From: a@b.example\n\n${text}`))).cle;
  expect(await of('x')).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await of('x')).toBe(await of('x'));
  expect(await of('x')).not.toBe(await of('y'));
});

test('hostile ones are cut, within the time of a test', async () => {
  const many = Array.from({ length: 15_000 }, (_, n) => `<${String(n)}@x.example>`).join(' ');
  const deep = '<div>'.repeat(100_000);
  const answers = (await readReply(mail(`References: ${many} <${OLDER}>\n`))).answers;
  expect(answers).toEqual([OURS, OLDER]);
  expect((await readReply(mail('', 'Le '.repeat(200_000)))).texte.length).toBeLessThanOrEqual(2_000);
  expect((await readReply(mail('', '😀'.repeat(10_000)))).texte).toBe('😀'.repeat(2_000));
  expect((await readReply(typed('text/html', deep))).raison).toBe('');
  expect((await readReply(mail(`X-Long: ${'a '.repeat(300_000)}\n`))).texte).toBe('Bonjour, je paie demain.');
  const bytes = Buffer.concat([
    Buffer.from(
      'From: \xff\xfe <zoe@example.org>\nSubject: \xe9\0\u202e\nMessage-ID: <\xff@x>\n\n',
      'latin1',
    ),
    Buffer.from([0, 255, 27, 10]),
  ]);
  const odd = await readReply(bytes);
  expect(JSON.stringify(odd)).not.toMatch(/\\u0000|\\u202e|\\ud8/);
  expect(odd.de).toBe('zoe@example.org');
}, 30_000);

test.each([
  ['nothing', Buffer.from('\n')],
  [
    'a delivery report',
    parts(
      'multipart/report; report-type=delivery-status',
      'Content-Type: message/delivery-status\n\nAction: failed',
    ),
  ],
])('%s is refused', async (_, message) => {
  await expect(readReply(message)).rejects.toMatchObject({ code: 3 });
});
