import {
  ModePaiementServiceService,
  MotifRejetServiceService,
  type ClasseRejet,
} from '@crm/proto/referentiel/referentiel';
import { RETRIED_CODES } from '../workflows/support/simulation/retried-codes.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';

const stack = sharedStack();
const motifs = stack.client('referentiel', MotifRejetServiceService);
const modes = stack.client('referentiel', ModePaiementServiceService);

afterAll(() => stack.close());

const CLASSES: [ClasseRejet, string[]][] = [
  ['REESSAI', ['AM04']],
  ['REESSAI_SUR_OPTION', ['MS03']],
  ['NOUVELLES_COORDONNEES', ['AC01', 'AC04', 'AC06', 'AC13', 'AG01', 'RC01']],
  ['CORRECTION_TECHNIQUE', ['AG02', 'BE05', 'CNOR', 'DNOR', 'FF01', 'FF05', 'MD02']],
  ['ARRET', ['MD01', 'MD06', 'MD07', 'MS02', 'SL01']],
];
const ALL = CLASSES.flatMap(([, codes]) => codes).sort();

test.each(CLASSES)('%s: %j', async (classe, codes) => {
  const listed = await motifs.list({ classe });
  expect(listed.motifs.map(({ code }) => code)).toEqual(codes);
  for (const motif of listed.motifs) {
    expect(motif).toMatchObject({ classe, connu: true });
    expect(motif.libelle).not.toBe('');
    expect(await motifs.get({ code: motif.code })).toEqual(motif);
  }
});

test('tests without a database retry the same codes', async () => {
  const { motifs: all } = await motifs.list({ pageSize: 200 });
  const retried = all.filter(({ classe }) => classe === 'REESSAI' || classe === 'REESSAI_SUR_OPTION');
  expect(Object.fromEntries(retried.map(({ code, classe }) => [code, classe]))).toEqual(RETRIED_CODES);
});

test('a code is trimmed and upper-cased; one that is not in the table is ARRET', async () => {
  expect(await motifs.get({ code: ' am04\t' })).toEqual({
    code: 'AM04',
    libelle: 'Provision insuffisante',
    classe: 'REESSAI',
    connu: true,
  });
  expect(await motifs.get({ code: 'zz99 ' })).toEqual({
    code: 'ZZ99',
    libelle: 'Motif inconnu',
    classe: 'ARRET',
    connu: false,
  });
  for (const code of ['', ' ', 'AM-04', 'A M04']) {
    expect((await refusalOf(motifs.get({ code }))).violations).toMatchObject([{ field: 'code' }]);
  }
});

test('reasons come by code, a page at a time', async () => {
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await motifs.list({ pageSize: 7, pageToken });
    seen.push(...page.motifs.map(({ code }) => code));
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect(seen).toEqual(ALL);
});

test('ways to pay are known by their codes', async () => {
  const first = await modes.list({ pageSize: 3 });
  const second = await modes.list({ pageToken: first.nextPageToken });
  const codes = [...first.modes, ...second.modes].map(({ code }) => code);
  expect(codes).toEqual(['CARTE', 'CHEQUE', 'ESPECES', 'PRELEVEMENT_SEPA', 'VIREMENT']);
  expect(await modes.get({ code: 'prelevement_sepa' })).toEqual({
    code: 'PRELEVEMENT_SEPA',
    libelle: 'Prélèvement SEPA',
  });
  expect((await refusalOf(modes.get({ code: 'TROC' }))).code).toBe('NOT_FOUND');
});
