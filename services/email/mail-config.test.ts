import { config } from '@crm/kit';
import { mailSpec } from './mail-config.ts';

const read = (env: Record<string, string>) => config(mailSpec, { SMTP_URL: 'smtp://127.0.0.1:1025', ...env });

test('what is left out has a default, but for the mail server', () => {
  expect(read({})).toMatchObject({
    MAIL_FROM: { name: 'Suivi', address: 'ne-pas-repondre@suivi.invalid' },
    MAIL_UNKNOWN: 'hold',
  });
  expect(() => config(mailSpec, {})).toThrow(/SMTP_URL is missing/);
});

test('a sender is a name and an address, or an address', () => {
  expect(read({ MAIL_FROM: '"Été, SARL" <a@example.org>' }).MAIL_FROM).toEqual({
    name: 'Été, SARL',
    address: 'a@example.org',
  });
  expect(read({ MAIL_FROM: 'a@example.org' }).MAIL_FROM.address).toBe('a@example.org');
});

test.each([
  ['12.15', 1215],
  ['12,1', 1210],
  ['9', 900],
])('a rate of %s percent', (percent, hundredths) => {
  expect(read({ MAIL_TAUX_PENALITES: percent }).MAIL_TAUX_PENALITES).toBe(hundredths);
  expect(read({}).MAIL_TAUX_PENALITES).toBeUndefined();
});

test.each([
  { SMTP_URL: 'http://127.0.0.1' },
  { SMTP_URL: '127.0.0.1:1025' },
  { MAIL_FROM: 'Suivi' },
  { MAIL_FROM: 'a@example.org, b@example.org' },
  { MAIL_FROM: 'Suivi\r\nBcc: b@example.org <a@example.org>' },
  { MAIL_UNKNOWN: 'maybe' },
  { MAIL_TAUX_PENALITES: '12,155' },
  { MAIL_TAUX_PENALITES: '-1' },
  { MAIL_PAGE_COORDONNEES: 'http://example.org/iban' },
  { MAIL_PAGE_COORDONNEES: 'javascript:alert(1)' },
])('refuses to boot on %j', (env) => {
  expect(() => read(env)).toThrow(`${Object.keys(env)[0]} has a value that is not accepted`);
});
