import { CreateTacheRequest } from '@crm/proto/activites/activites';
import { CreateClientRequest } from '@crm/proto/clients/clients';
import { PreviewTemplateRequest } from '@crm/proto/email/email';
import { CreateInvoiceRequest, ListInvoicesRequest } from '@crm/proto/factures/factures';
import { UpdateOrganisationRequest } from '@crm/proto/organisations/organisations';
import { ConfirmPaymentRequest, RejectPaymentRequest } from '@crm/proto/payments/payments';
import { RpcError } from './errors.ts';
import { readMessage } from './read-message.ts';
import { descriptors, isEmailAddress } from './validate.ts';

const message = descriptors.getMessage('clients.CreateClientRequest')!;
const faultOf = (fields: object): string => {
  try {
    readMessage(message, CreateClientRequest.encode(CreateClientRequest.fromPartial(fields)).finish());
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
    return (error as Error).message;
  }
};

test.each([
  ['an empty nom', { nom: '' }, /^nom: must not be blank where there is no raisonSociale$/],
  ['a blank nom', { nom: '   ' }, /^nom: must not be blank$/],
  ['300 characters', { nom: 'x'.repeat(300) }, /^nom: must be at most 100 characters$/],
  ['500 KB', { nom: 'N', prenom: 'x'.repeat(500_000) }, /^prenom: must be at most 100 characters$/],
  ['a wrong e-mail address', { nom: 'N', email: 'not-an-address' }, /^email: must be an e-mail address/],
  ['a reference with a space', { nom: 'N', organisationId: 'org 1' }, /^organisationId: must be 1 to 64/],
  ['two faults', { nom: '', email: 'x' }, /^email: .*; nom: /],
])('%s is refused by the name of the field', (_, fields, fault) => {
  expect(faultOf(fields)).toMatch(fault);
});

test('what the contract shows is accepted', () => {
  expect(faultOf({ nom: 'Test', prenom: 'User', organisationId: 'org-123' })).toBe('');
  expect(faultOf({ nom: 'É'.repeat(100), email: '' })).toBe('');
});

test('a variable is named as the caller has named it', () => {
  const desc = descriptors.getMessage('email.PreviewTemplateRequest')!;
  const bytes = (variables: object) =>
    PreviewTemplateRequest.encode(PreviewTemplateRequest.fromPartial({ modele: 'rappel', variables }));
  expect(() => readMessage(desc, bytes({ date_prevue: 'x'.repeat(2001) }).finish())).toThrow(
    'variables["date_prevue"]: must be at most 2000 characters',
  );
  expect(() => readMessage(desc, bytes({ 'x"]_a': 'x'.repeat(2001) }).finish())).toThrow(
    'variables["x\\"]_a"]: must be at most 2000 characters',
  );
});

test('of a list that is too long the items behind the first one too many are not checked', () => {
  const many = Array.from({ length: 5_000 }, () => '');
  const ids = ListInvoicesRequest.encode(ListInvoicesRequest.fromPartial({ ids: many })).finish();
  expect(() => readMessage(descriptors.getMessage('factures.ListInvoicesRequest')!, ids)).toThrow(
    /^ids: must contain no more than 200 item\(s\); ids\[0\]: .*; and 18\d more$/,
  );
  const finance = { ids: many };
  const within = UpdateOrganisationRequest.encode(
    UpdateOrganisationRequest.fromPartial({ id: '1', finance }),
  );
  expect(() =>
    readMessage(descriptors.getMessage('organisations.UpdateOrganisationRequest')!, within.finish()),
  ).toThrow(/^finance\.ids: must contain no more than 50 item\(s\); .*; and 3\d more$/);
});

test('bytes that are no protobuf are the caller’s fault', () => {
  expect(() => readMessage(message, Buffer.from('ffffffff', 'hex'))).toThrow(
    /are not a clients\.CreateClientRequest/,
  );
});

const local64 = 'a'.repeat(64);
const label63 = 'd'.repeat(63);

describe('an e-mail address', () => {
  test.each([
    'a@x.org',
    "o'hara+suivi_1@mail.x-y.example.org",
    `${local64}@x.org`,
    `a@${label63}.org`,
    'a.b.c@1.xn--p1ai',
    'A-B@X.ORG',
  ])('%s is taken', (email) => {
    expect(faultOf({ nom: 'N', email })).toBe('');
    expect(isEmailAddress(email)).toBe(true);
  });

  test.each([
    '.a@x.org',
    'a.@x.org',
    'a..b@x.org',
    '-a@x.org',
    `${local64}a@x.org`,
    'é@x.org',
    'a@é.org',
    '"a b"@x.org',
    '"a"@x.org',
    'a(b)@x.org',
    'a\u0000@x.org',
    'a\u200b@x.org',
    'a b@x.org',
    ' a@x.org',
    'a@x.org ',
    'a@x.org\n',
    'a@-x.org',
    'a@x-.org',
    'a@x_y.org',
    'a@x..org',
    'a@.x.org',
    'a@x.org.',
    'a@x',
    'a@1.2.3.4',
    'a@[1.2.3.4]',
    `a@${label63}d.org`,
    `a@${`${label63}.`.repeat(4)}org`,
    'a@b@x.org',
    'a@',
    '@x.org',
    'A <a@x.org>',
    'a@x.org,b@x.org',
  ])('%j is refused', (email) => {
    expect(faultOf({ nom: 'N', email })).toMatch(/^email: must be an e-mail address/);
    expect(isEmailAddress(email)).toBe(false);
  });

  test('none is none', () => {
    expect(faultOf({ nom: 'N', email: '' })).toBe('');
    expect(isEmailAddress('')).toBe(false);
  });
});

describe('a name', () => {
  test.each(['-', '.', 'Ÿ', '李', 'ا', '👋', 'e\u0301', '\u00a0O\u00a0', '№', 'ᄀ'])('%j is seen', (nom) => {
    expect(faultOf({ nom })).toBe('');
  });

  test.each([
    ['no-break space', '\u00a0'],
    ['spaces of several widths', '\u2000\u2003\u3000\u202f'],
    ['zero width', '\u200b\u200c\u200d\u2060\ufeff'],
    ['soft hyphens', '\u00ad\u00ad'],
    ['the empty Braille cell', '\u2800'],
    ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
    ['combining marks', '\u0301\u034f'],
    ['a variation selector', '\ufe0f'],
    ['the Mongolian vowel separator', '\u180e'],
    ['tags', '\u{e0041}\u{e007f}'],
    ['private use', '\ue000'],
    ['unassigned', '\u0378'],
    ['the null notehead', '\u{1d159}'],
  ])('of %s only is blank', (_, nom) => {
    expect(faultOf({ nom })).toMatch(/^nom: must not be blank/);
  });
});

describe('a date from which others follow', () => {
  const invoice = descriptors.getMessage('factures.CreateInvoiceRequest')!;
  const faultsOf = (dateFacture: string): string => {
    const request = CreateInvoiceRequest.fromPartial({ clientId: 'c', montant: 1n, dateFacture });
    return thrown(() => readMessage(invoice, CreateInvoiceRequest.encode(request).finish()));
  };

  test.each(['1900-01-01', '2024-02-29', '2096-02-29', '2099-12-31', ''])('%j is taken', (date) => {
    expect(faultsOf(date)).toBe('');
  });

  test.each(['1899-12-31', '2023-02-29', '1900-02-29', '2099-12-32', '2100-01-01', '2199-12-31'])(
    '%s is refused',
    (date) => expect(faultsOf(date)).toMatch(/^dateFacture: must be a date/),
  );
});

describe('an instant', () => {
  const task = descriptors.getMessage('activites.CreateTacheRequest')!;
  const confirm = descriptors.getMessage('payments.ConfirmPaymentRequest')!;
  const reject = descriptors.getMessage('payments.RejectPaymentRequest')!;
  /** Seconds since 1970 as on the wire: a Date would round the nanoseconds. */
  const timestamp = (seconds: number, nanos: number) => {
    const varint = (value: number): number[] =>
      value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
    const inner = [8, ...varint(seconds), 16, ...varint(nanos)];
    return [inner.length, ...inner];
  };
  const MINUTE = 60_000;

  test('that Date rounds into a year that is too late is refused', () => {
    const title = CreateTacheRequest.encode(CreateTacheRequest.fromPartial({ titre: 'T' })).finish();
    const due = (seconds: number, nanos: number) =>
      thrown(() => readMessage(task, Buffer.from([...title, 6 * 8 + 2, ...timestamp(seconds, nanos)])));
    const lastSecond = Date.UTC(2099, 11, 31, 22, 59, 59) / 1000;
    expect(due(lastSecond, 999_999_999)).toBe('');
    expect(due(lastSecond + 1, 0)).toMatch(/^echeance: must be between/);
    const end = Date.UTC(2199, 11, 31, 23, 59, 59) / 1000;
    const received = (nanos: number) =>
      thrown(() => readMessage(confirm, Buffer.from([10, 1, 97, 18, ...timestamp(end, nanos)])));
    expect(received(999_999_999)).toMatch(/^dateReception: must be between the years 1900 and 2199; /);
  });

  test('of a receipt or a rejection does not lie in the future, whatever two clocks differ by', () => {
    const received = (dateReception: Date) => {
      const request = ConfirmPaymentRequest.fromPartial({ id: 'p', dateReception });
      return thrown(() => readMessage(confirm, ConfirmPaymentRequest.encode(request).finish()));
    };
    const rejected = (dateRejet: Date) => {
      const request = RejectPaymentRequest.fromPartial({ id: 'p', motifRejet: 'AM04', dateRejet });
      return thrown(() => readMessage(reject, RejectPaymentRequest.encode(request).finish()));
    };
    for (const [field, faultAt] of [
      ['dateReception', received],
      ['dateRejet', rejected],
    ] as const) {
      expect(faultAt(new Date(Date.now() + 4 * MINUTE))).toBe('');
      expect(faultAt(new Date(Date.now() + 6 * MINUTE))).toBe(`${field}: must not lie in the future`);
    }
  });
});

function thrown(check: () => void): string {
  try {
    check();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
