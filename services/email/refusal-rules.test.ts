import { REFUSAL_RULES } from './refusal-rules.ts';
import { isOfAddress } from './refusal.ts';

const ADDRESS = true;
const MESSAGE = false;

/** Mail servers' words, the status they came with, and the right verdict. At least one line for each rule. */
const LINES: [status: string, words: string, isOfAddress: boolean][] = [
  // providers of French clients
  ['5.5.0', '550 5.5.0 Adresse destinataire invalide. Invalid recipient. LPN007_416', ADDRESS],
  [
    '5.0.0',
    '550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]',
    ADDRESS,
  ],
  ['5.0.0', '550 Boite du destinataire archivee. Archived recipient. LPN007 420', ADDRESS],
  ['5.1.1', '552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]', MESSAGE],
  ['5.1.1', '550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN007_510', MESSAGE],
  ['5.1.1', '550 mwinf5c04 ME Adresse IP source bloquee pour incident de spam. OFR006_102', MESSAGE],
  ['5.1.0', '501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]', MESSAGE],
  ['5.1.1', '450 4.7.1 Service refused due to bad behavior, too many unknown users SFR_IN_104', MESSAGE],
  [
    '5.0.0',
    '550 5.1.1 <zoe@sfr.fr>: Recipient address rejected: User unknown in relay recipient table',
    ADDRESS,
  ],
  ['5.0.0', '550 5.1.1 <zoe@free.fr>: Recipient address rejected: User unknown', ADDRESS],
  ['5.1.1', '550 spam detected', MESSAGE],
  ['5.1.1', '421 Too many spams from your IP, please visit http://postmaster.free.fr/', MESSAGE],
  ['5.0.0', '550 5.1.1 <zoe@bbox.fr>: Recipient address rejected: bbox.fr: user unknown', ADDRESS],
  [
    '',
    '550 5.1.1 <zoe@ovh.example>: Recipient address rejected: User unknown in virtual mailbox table',
    ADDRESS,
  ],
  ['5.0.0', '550 Utilisateur inconnu', ADDRESS],
  ['5.0.0', '550 L’adresse électronique du destinataire n’a pas été trouvée', ADDRESS],
  ['5.0.0', '550 Aucun compte à ce nom', ADDRESS],
  ['5.0.0', '550 Boîte aux lettres inexistante', ADDRESS],
  ['5.1.1', '550 La boîte aux lettres du destinataire est saturée', MESSAGE],
  ['5.1.1', '550 Expéditeur refusé', MESSAGE],
  ['5.1.1', '554 Votre adresse IP est sur liste noire', MESSAGE],
  ['5.1.1', '550 5.1.1 Adresse de l’expéditeur rejetée', MESSAGE],
  ['5.1.1', '550 5.1.1 Courrier refusé: expéditeur non autorisé', MESSAGE],
  ['5.1.1', '550 5.1.1 La réputation de votre serveur est mauvaise', MESSAGE],
  ['5.1.1', '550 5.1.1 Votre domaine est refusé', MESSAGE],
  ['5.1.1', '550 5.1.1 Considéré comme du pourriel', MESSAGE],
  ['5.1.1', '550 5.1.1 Service temporairement indisponible', MESSAGE],
  ['5.1.1', '550 5.1.1 Envoi trop rapide', MESSAGE],
  ['5.1.1', '550 5.1.1 Message trop volumineux', MESSAGE],
  ['5.1.1', '550 5.1.1 Taille maximale du message dépassée', MESSAGE],
  ['5.1.1', '552 5.1.1 Espace disque insuffisant', MESSAGE],
  ['5.1.1', '550 5.1.1 Pièce jointe interdite', MESSAGE],
  ['5.1.1', '550 5.1.1 Refusé par la politique de sécurité', MESSAGE],
  ['5.1.1', '550 5.1.1 Accès refusé', MESSAGE],
  ['5.1.1', '550 5.1.1 Relais non autorisé', MESSAGE],
  ['5.1.2', 'Connexion refusée par le serveur distant', MESSAGE],
  ['5.0.0', '550 Adresse e-mail non valide', ADDRESS],
  ['5.0.0', '550 Adresse incorrecte', ADDRESS],
  ['5.0.0', '550 Cette adresse n’est plus utilisée', ADDRESS],
  ['5.0.0', '550 Compte clôturé', ADDRESS],
  ['5.0.0', '550 Compte résilié', ADDRESS],
  ['5.0.0', '550 Aucune boîte à ce nom', ADDRESS],
  // Exchange, Outlook, Google, Yahoo
  ['5.4.1', '550 5.4.1 [zoe@example.org]: Recipient address rejected: Access denied', ADDRESS],
  ['5.0.0', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', ADDRESS],
  ['5.0.0', '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found', ADDRESS],
  ['5.7.1', '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', MESSAGE],
  ['5.5.0', '550 Requested action not taken: mailbox unavailable (S2017062302)', ADDRESS],
  [
    '5.1.1',
    '550 5.7.1 messages from 192.0.2.1 weren’t sent: part of their network is on our block list (S3150)',
    MESSAGE,
  ],
  [
    '5.0.0',
    '550-5.1.1 The email account that you tried to reach does not exist. Please try 550 5.1.1 double-checking',
    ADDRESS,
  ],
  ['5.0.0', '550 https://support.google.com/mail/?p=NoSuchUser', ADDRESS],
  [
    '5.1.2',
    'DNS Error: DNS type mx lookup of example.invalid responded with code NXDOMAIN Domain name not found: example.invalid',
    ADDRESS,
  ],
  ['5.1.2', 'DNS Error: DNS type mx lookup of example.org responded with code SERVFAIL', MESSAGE],
  [
    '5.2.1',
    '550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents',
    MESSAGE,
  ],
  ['5.1.1', '552-5.2.2 The email account that you tried to reach is over quota', MESSAGE],
  ['5.0.0', '554 delivery error: dd This user doesn’t have a yahoo.com account (zoe@yahoo.com) [0]', ADDRESS],
  [
    '5.0.0',
    '554 30 Sorry, your message to zoe@yahoo.com cannot be delivered. This mailbox is disabled',
    ADDRESS,
  ],
  [
    '5.1.1',
    '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints',
    MESSAGE,
  ],
  // whatever the status is
  ['5.1.1', '550 5.7.1 our address is on a blocklist', MESSAGE],
  ['5.1.1', '554 blocked using zen.spamhaus.org', MESSAGE],
  ['5.1.3', '553 http://www.spamhaus.org/query/bl?ip=192.0.2.222', MESSAGE],
  ['5.1.1', '450 4.2.0 <zoe@example.org>: Recipient address rejected: Greylisted', MESSAGE],
  ['5.1.1', '550 Too many connections from your host', MESSAGE],
  ['5.1.0', '550 5.1.0 <sender@example.org> sender rejected', MESSAGE],
  ['5.1.1', '550 5.1.8 <de@example.org>: Sender address rejected: Domain not found', MESSAGE],
  ['5.1.1', '550 Sender verify failed', MESSAGE],
  ['5.1.1', '550 5.7.23 SPF validation failed', MESSAGE],
  ['5.1.1', '554 5.7.1 <zoe@example.org>: Relay access denied', MESSAGE],
  ['5.1.1', '550 Client host rejected: cannot find your hostname', MESSAGE],
  ['5.1.1', '550 no PTR record', MESSAGE],
  ['5.1.1', '550 5.7.1 message content rejected: suspicious', MESSAGE],
  ['5.1.1', '550 virus found', MESSAGE],
  ['5.1.1', '550 rejected for policy reasons', MESSAGE],
  ['5.1.1', '552 message size exceeds the limit', MESSAGE],
  ['5.1.1', '552 5.3.4 Taille limite du message atteinte', MESSAGE],
  ['5.1.1', 'mailbox is full', MESSAGE],
  ['5.1.2', 'connect to mx.example.org[192.0.2.1]:25: Connection timed out', MESSAGE],
  [
    '5.4.4',
    'Name service error for name=example.org type=MX: Malformed or unexpected name server reply',
    MESSAGE,
  ],
  // no such mailbox, with an unspecific status
  ['5.0.0', '550 5.1.1 user unknown', ADDRESS],
  ['', '550 No such user here', ADDRESS],
  ['', '550 5.1.0 Address rejected.', ADDRESS],
  ['', 'unrouteable address', ADDRESS],
  ['5.0.0', 'Sorry, no mailbox here by that name. (#5.1.1)', ADDRESS],
  ['5.0.0', '550 this address no longer accepts mail', ADDRESS],
  ['5.0.0', '553 sorry, your envelope recipient is in my badrcptto list', ADDRESS],
  ['5.0.0', 'Host or domain name not found. Name service error for name=example.invalid type=A', ADDRESS],
  ['5.4.4', 'Sorry, I couldn’t find a mail exchanger or IP address. (#5.4.4)', ADDRESS],
  ['5.7.27', '550 5.7.27 Host does not accept mail: MX 0 .', ADDRESS],
  [
    '4.1.1',
    '450 4.1.1 <zoe@example.org>: Recipient address rejected: User unknown in virtual alias table',
    ADDRESS,
  ],
  // the status decides if the words say nothing
  ['5.1.1', '', ADDRESS],
  ['5.2.1', '', ADDRESS],
  ['5.1.7', '550 5.1.7 No such domain example.org', MESSAGE],
  ['5.7.1', '550 5.7.1 user unknown', MESSAGE],
  ['5.2.2', '552 5.2.2 user unknown', MESSAGE],
  ['5.0.0', '', MESSAGE],
  ['', '550', MESSAGE],
];

test.each(LINES)('%s "%s": of the address: %s', (status, words, verdict) => {
  expect(isOfAddress(status, words)).toBe(verdict);
});

test('every rule has a line, and says who says so', () => {
  const deciding = LINES.map(([, words]) => REFUSAL_RULES.find((rule) => rule.words.test(words)));
  expect(REFUSAL_RULES.filter((rule) => !deciding.includes(rule))).toEqual([]);
  expect(REFUSAL_RULES.filter(({ source }) => source.length < 10)).toEqual([]);
});

test('names in addresses say nothing, and a long text is read within the time of a test', () => {
  expect(isOfAddress('5.1.1', '550 5.1.1 <spam-policy.full@blacklist.example>: user unknown')).toBe(true);
  for (const words of ['user '.repeat(20_000), `from ${'a '.repeat(50_000)}`, 'mail '.repeat(30_000)]) {
    expect(isOfAddress('5.0.0', words)).toBe(false);
  }
});
