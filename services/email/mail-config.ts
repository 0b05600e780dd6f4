import { penaltySpec } from '@crm/domain';
import { isEmailAddress } from '@crm/kit';
import { makeValidator, num, str } from 'envalid';
import addressparser from 'nodemailer/lib/addressparser/index.js';

/** One mailbox, as in a From header: `Suivi <ne-pas-repondre@suivi.invalid>`. */
export type Mailbox = { name: string; address: string };

const smtpUrl = makeValidator((input: string): string => {
  const url = URL.canParse(input) ? new URL(input) : undefined;
  if (!url?.hostname || !['smtp:', 'smtps:'].includes(url.protocol)) throw new Error('not an SMTP server');
  return input;
});

const mailbox = makeValidator((input: string): Mailbox => {
  const [sender, ...others] = addressparser(input, { flatten: true });
  if (!sender || others.length || /[\r\n]/.test(input) || !isEmailAddress(sender.address)) {
    throw new Error('not one mailbox');
  }
  return { name: sender.name || sender.address, address: sender.address };
});

const httpsPage = makeValidator((input: string): string => {
  if (!URL.canParse(input) || !/^https:\/\/[^\s"<>]+$/.test(input)) throw new Error('not an https address');
  return input;
});

const domains = makeValidator((input: string): string[] => {
  const names = input
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const faulty = names.find((name) => !/^([a-z0-9-]+\.)+[a-z0-9-]+$/.test(name));
  if (faulty !== undefined) throw new Error(`${faulty} is not a domain`);
  return names;
});

/** The settings of the e-mail service. */
export const mailSpec = {
  SMTP_URL: smtpUrl({
    desc: 'The mail server, smtp:// or smtps://user:password@host; nodemailer’s options may follow as a query',
    example: 'smtp://127.0.0.1:1025',
  }),
  MAIL_FROM: mailbox({
    default: { name: 'Suivi', address: 'ne-pas-repondre@suivi.invalid' },
    example: 'Suivi <ne-pas-repondre@suivi.invalid>',
    desc: 'Sender of organisations that name none: Name <address>; mails that cannot be delivered come back to it, and its domain ends the Message-IDs',
  }),
  MAIL_SENDER_DOMAINS: domains({
    default: [],
    example: 'example.org,example.fr',
    desc: 'Domains that the mail server may send from, by commas; an organisation with an address of another one sends by MAIL_FROM and gets the answers. If omitted: any',
  }),
  MAIL_CONTACT: str({ default: 'contact@suivi.invalid', desc: 'Where e-mails tell people to ask' }),
  MAIL_PAIEMENT: str({
    default: undefined,
    example: 'par virement, IBAN FR14 2004 1010 0505 0001 3M02 606',
    desc: 'How to pay, on a line of its own in e-mails; if omitted: e-mails of organisations that do not say it name the contact',
  }),
  MAIL_MENTIONS: str({
    default: undefined,
    desc: 'Legal mentions at the foot of e-mails of organisations without a société, on one line',
  }),
  ...penaltySpec,
  MAIL_PAGE_COORDONNEES: httpsPage({
    default: undefined,
    desc: 'The https page on which clients give new bank details; if omitted: e-mails ask them to get in touch',
  }),
  MAIL_UNKNOWN: str({
    default: 'hold',
    choices: ['hold', 'resend'] as const,
    desc: 'An e-mail that may or may not have been delivered: hold it for ResendEmail, or send it again',
  }),
  MAIL_TIMEOUT_MS: num({ default: 20_000, desc: 'One attempt to send an e-mail takes at most this long' }),
};
