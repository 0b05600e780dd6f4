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

const energie = {
  ...{ raisonSociale: 'Énergie & Cie SAS', formeJuridique: 'SAS', capital: 10_000_00n, siren: '732829320' },
  ...{ rcs: 'Paris', numeroTva: '', adresse: '' },
};

test.each([
  'Paris',
  'RCS Paris',
  'R.C.S. Paris',
  'Paris 732829320',
  'Paris B 732 829 320',
  'RCS Paris B 732\u00a0829\u00a0320',
  '732 829 320 RCS Paris',
  'RCS de Paris, 732 829 320',
  'RCS : Paris',
])('the SIREN is told once, and the register, where it is written as %s', (rcs) => {
  const mentions = plain(legalMentions({ ...energie, rcs }));
  expect(mentions.slice(1)).toEqual(['SIREN 732 829 320', 'RCS Paris']);
});

test('a register that says no town is left out; towns keep their names', () => {
  expect(plain(legalMentions({ ...energie, rcs: '732 829 320' }))).toHaveLength(2);
  for (const rcs of ['Nanterre', 'Évreux', 'Le Mans', 'La Roche-sur-Yon', 'Bourg-en-Bresse', 'Dax', 'Nice'])
    expect(plain(legalMentions({ ...energie, rcs }))[2]).toBe(`RCS ${rcs}`);
});

test('the form is told once, where the name has it already', () => {
  expect(plain(legalMentions(energie))[0]).toBe('Énergie & Cie SAS, au capital de 10 000 €');
  expect(plain(legalMentions({ ...energie, capital: 0n }))[0]).toBe('Énergie & Cie SAS');
  expect(plain(legalMentions({ ...energie, raisonSociale: 'SASKIA' }))[0]).toContain('SASKIA, SAS au');
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
