import { legalMentions } from './legal-mentions.ts';

const unknown = {
  ...{ raisonSociale: 'Énergie & Cie', formeJuridique: '', capital: 0n, siren: '' },
  ...{ rcs: '', numeroTva: '', adresse: '' },
};
const plain = (mentions: string[]) => mentions.map((mention) => mention.replaceAll('\u00a0', ' '));

test('names a company as the Code de commerce wants it', () => {
  const mentions = legalMentions({
    ...{ raisonSociale: 'Énergie & Cie', formeJuridique: 'SAS', capital: 10_000_00n, siren: '732829320' },
    ...{ rcs: 'RCS Paris', numeroTva: 'FR44732829320', adresse: '1 rue de la Paix,\r\n\n 75002 Paris \n' },
  });
  expect(plain(mentions)).toEqual([
    'Énergie & Cie, SAS au capital de 10 000 €',
    '1 rue de la Paix, 75002 Paris',
    'SIREN 732 829 320',
    'RCS Paris',
    'TVA intracommunautaire FR44732829320',
  ]);
  expect(mentions.join('')).not.toMatch(/\d \d/);
});

test('leaves out what is not known', () => {
  expect(legalMentions(unknown)).toEqual(['Énergie & Cie']);
  expect(plain(legalMentions({ ...unknown, capital: 123_45n }))).toEqual([
    'Énergie & Cie, au capital de 123,45 €',
  ]);
});

test('is one line of text whatever an address holds', () => {
  const [, seat] = legalMentions({ ...unknown, adresse: '1 rue X\u2028\u202e75002\tParis' });
  expect(seat).toBe('1 rue X, 75002, Paris');
});
