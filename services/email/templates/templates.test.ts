import { readdirSync } from 'node:fs';
import { templates } from './index.ts';
import { renderTemplate } from './render-template.ts';

const usual = {
  expediteur: 'Suivi',
  contact: 'contact@suivi.invalid',
  paiement: 'par virement, IBAN FR14 2004 1010 0505 0001 3M02 606',
  aujourdhui: '2026-07-01',
  mentions: 'Énergie & Cie, SAS · 1 rue de la Paix, 75002 Paris · RCS Paris',
};
const { 'mise-en-demeure': formalNotice } = templates;
const overdue = { ...usual, ...formalNotice!.sample };

/** Renders a template's sample with changes. */
const rendered = (modele: string, changes: Record<string, string> = {}) =>
  renderTemplate(modele, { ...usual, ...templates[modele]!.sample, ...changes });
/** The text with ordinary spaces only. */
const textOf = async (modele: string, changes?: Record<string, string>) =>
  (await rendered(modele, changes)).texte.replace(/[\u00a0\u202f]/g, ' ');

const names = Object.keys(templates);
const dunning = ['rappel', 'relance', 'mise-en-demeure'];
const rejections = [
  ...['rejet-am04', 'rejet-nouvelles-coordonnees'],
  ...['avant-reessai', 'reessai-echoue', 'reessais-epuises'],
];

describe.each(names)('%s', (modele) => {
  test('holds nothing that mail clients refuse, load or run', async () => {
    const { sujet, html } = await rendered(modele);
    expect(html).toMatch(/<html[^>]* lang="fr"/);
    expect(html).not.toMatch(/<script|<img|<form|<input|https?:\/\/(?!www\.w3\.org)/);
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('max-width:600px');
    // Gmail cuts mails that are longer than 102 KB
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    expect([...sujet].length).toBeLessThanOrEqual(78);
  });

  test('every variable that is required is asked for by name', async () => {
    const { variables, sample } = templates[modele]!;
    for (const name of Object.keys(sample)) {
      if (variables[name]!.optional) continue;
      const message = expect.stringMatching(new RegExp(`^variables\\.${name}: is required`)) as string;
      await expect(rendered(modele, { [name]: '' })).rejects.toMatchObject({ code: 3, message });
    }
  });

  test('what may be left out may all be left out', async () => {
    const { variables } = templates[modele]!;
    const optional = Object.keys(variables).filter((name) => variables[name]!.optional);
    const texte = await textOf(modele, Object.fromEntries(optional.map((name) => [name, ''])));
    expect(texte).toContain('contact@suivi.invalid');
  });

  test('greets a person by the first name, and nobody by the name of a company', async () => {
    const formal = modele === 'mise-en-demeure';
    const company = { nom: 'Dupont', raisonSociale: 'Boulangerie Le Fournil SARL' };
    for (const [changes, begins] of [
      [{ prenom: 'Camille', nom: 'Lefèvre', raisonSociale: '' }, 'Bonjour Camille,'],
      [{ ...company, prenom: 'Marc' }, 'Bonjour Marc,'],
      [{ ...company, prenom: '' }, 'Madame, Monsieur,'],
      [{ prenom: '', nom: 'Boulangerie Le Fournil SARL', raisonSociale: '' }, 'Madame, Monsieur,'],
    ] as const) {
      const texte = await textOf(modele, changes);
      expect(texte.split('\n\n')[1]).toBe(formal ? 'Madame, Monsieur,' : begins);
    }
  });

  test('shows the legal mentions of who signs', async () => {
    expect(await textOf(modele)).toMatch(
      /\n\nÉnergie & Cie, SAS · 1 rue de la Paix, 75002 Paris · RCS Paris$/,
    );
    expect((await rendered(modele)).html).toContain('Énergie &amp; Cie, SAS · 1 rue');
  });

  test('names a contact', async () => {
    expect(await textOf(modele)).toContain('contact@suivi.invalid');
  });
});

describe.each(['facture', ...dunning])('what %s names', (modele) => {
  test('number, dates, total, paid, remaining, days late, how to pay', async () => {
    const texte = await textOf(modele, { ...formalNotice!.sample, montantAvoirs: '1000' });
    for (const fact of [
      /Facture +F-2026-0042\n/,
      /Date de facture +15 mai 2026\n/,
      /Échéance +14 juin 2026\n/,
      /Total TTC +1 234,56 €\n/,
      /Avoirs +-10,00 €\n/,
      /Déjà réglé +300,00 €\n/,
      /Reste à payer +934,56 €\n/,
      /Retard +17 jours\n/,
      /^Comment régler\nPar virement, IBAN .*\nRéférence à rappeler : F-2026-0042$/m,
      /^Si vous avez déjà réglé/m,
    ]) {
      expect(texte).toMatch(fact);
    }
  });
});

describe.each(rejections)('what %s names', (modele) => {
  test('the debit, its invoice, how to pay otherwise', async () => {
    const texte = await textOf(modele);
    expect(texte).toMatch(/Montant du prélèvement +1 234,56 €\n/);
    expect(texte).toMatch(/Facture +F-2026-0042\n/);
    expect(texte).toContain('Par virement');
    expect(texte).toContain('Si vous avez déjà réglé, ne tenez pas compte de ce message.');
  });

  test('a debit without an invoice', async () => {
    const texte = await textOf(modele, {
      ...{
        numero: '',
        dateFacture: '',
        dateEcheance: '',
        montantFacture: '',
        montantRecu: '',
        restantDu: '',
      },
    });
    expect(texte).not.toMatch(/facture n°|Échéance|Retard/);
  });
});

describe.each(['PARTICULIER', 'PROFESSIONNEL'])('to a %s', (typeClient) => {
  describe.each([
    ['before the due date', '2026-06-01', undefined],
    ['on the due date', '2026-06-14', undefined],
    ['the day after', '2026-06-15', /Retard +1 jour\n/],
    ['long after', '2026-08-14', /Retard +61 jours\n/],
  ])('%s', (_, aujourdhui, retard) => {
    const overdueBy = (modele: string) => ({
      ...{ typeClient, aujourdhui, dateFacture: '2026-05-15', dateEcheance: '2026-06-14' },
      ...{ montantRecu: '30000', restantDu: '93456', pieceJointe: '', dateReessai: '2026-08-20' },
      // debits name the invoice's total apart from their own
      ...(rejections.includes(modele) ? { montantFacture: '123456' } : { montant: '123456' }),
    });
    const penalties = typeClient === 'PROFESSIONNEL' && aujourdhui > '2026-06-14';
    const demanding = ['facture', ...dunning, ...rejections].filter(
      (modele) => modele !== 'mise-en-demeure' || aujourdhui > '2026-06-14',
    );

    test.each(demanding)(
      '%s names all that it must, and penalties only where they may be',
      async (modele) => {
        const texte = await textOf(modele, overdueBy(modele));
        for (const fact of [
          /Facture +F-2026-0042\n/,
          /Date de facture +15 mai 2026\n/,
          /Échéance +14 juin 2026\n/,
          /Total TTC +1 234,56 €\n/,
          /Déjà réglé +300,00 €\n/,
          /Reste à payer +934,56 €\n/,
          /^Par virement, IBAN FR14/m,
          /contact@suivi\.invalid/,
          modele === 'mise-en-demeure'
            ? /Si vous avez déjà réglé cette somme, indiquez-nous/
            : /^Si vous avez déjà réglé, ne tenez pas compte de ce message\./m,
        ]) {
          expect(texte).toMatch(fact);
        }
        if (retard) expect(texte).toMatch(retard);
        // an invoice that is not late must not be called late
        else expect(texte).not.toMatch(/retard|échue|n’avons|dès que possible/i);
        const named = /441-10/.test(texte) && /40,00 €/.test(texte);
        expect(named).toBe(penalties && dunning.includes(modele));
        if (!named) expect(texte).not.toMatch(/441|pénalité|indemnité|40,00/);
      },
    );
  });
});

test('each has a picture for people to look at', () => {
  const pictures = readdirSync(new URL('../../../docs/emails/', import.meta.url));
  expect(pictures).toEqual(expect.arrayContaining(names.map((name) => `${name}.png`)));
});

describe('late-payment penalties and the indemnity (C. com. L441-10, D441-5)', () => {
  const PENALTIES = /441|pénalité|indemnité|40,00|frais de recouvrement/i;

  test.each(dunning)('%s names them to a business, after the due date', async (modele) => {
    const texte = await textOf(modele, overdue);
    expect(texte).toContain('article L. 441-10 du code de commerce');
    expect(texte).toContain('exigibles depuis le 15 juin 2026');
    expect(texte).toContain('majoré de 10 points de pourcentage');
    expect(texte).toContain('indemnité forfaitaire pour frais de recouvrement de 40,00 € (article D. 441-5)');
  });

  test('their rate is the one that is configured', async () => {
    const texte = await textOf('relance', { ...overdue, tauxPenalites: 'taux annuel de 12,15 %' });
    expect(texte).toContain('au taux annuel de 12,15 %,');
    expect(texte).not.toContain('Banque centrale');
  });

  test.each(dunning)('%s never names them to a consumer', async (modele) => {
    for (const aujourdhui of ['2026-06-15', '2027-06-15']) {
      const changes = {
        ...overdue,
        typeClient: 'PARTICULIER',
        aujourdhui,
        tauxPenalites: 'taux annuel de 12,15 %',
      };
      expect(await textOf(modele, changes)).not.toMatch(PENALTIES);
      expect((await rendered(modele, changes)).html).not.toMatch(PENALTIES);
    }
  });

  test.each(['facture', 'rappel', 'relance'])('%s does not name them up to the due date', async (modele) => {
    for (const aujourdhui of ['2026-05-15', '2026-06-14'])
      expect(await textOf(modele, { ...overdue, aujourdhui })).not.toMatch(PENALTIES);
  });

  test.each([...rejections, 'facture', 'confirmation-contrat', 'bienvenue'])(
    '%s never does',
    async (modele) => {
      expect(
        await textOf(modele, {
          typeClient: 'PROFESSIONNEL',
          aujourdhui: '2027-01-01',
          dateReessai: '2027-01-05',
        }),
      ).not.toMatch(PENALTIES);
    },
  );
});

describe('a formal notice', () => {
  test('says that it is one, to whom, demands the amount, and says by when', async () => {
    const { sujet } = await rendered('mise-en-demeure');
    expect(sujet.replaceAll('\u00a0', ' ')).toBe('Facture F-2026-0042 : mise en demeure de payer 934,56 €');
    const texte = await textOf('mise-en-demeure');
    expect(texte).toMatch(/^Mise en demeure de payer\n/);
    expect(texte).toMatch(/Débiteur +Atelier Lefèvre SARL\n/);
    expect(texte).toContain(
      'nous vous mettons en demeure de nous payer la somme de 934,56 € dans un délai de 8 jours à compter de la réception de ce message.',
    );
    expect(await textOf('mise-en-demeure', { delaiJours: '' })).toContain(
      'dans un délai de 15 jours à compter',
    );
  });

  test('names no day beside its time limit, which begins when it is received', async () => {
    for (const delaiJours of ['', '8', '15'])
      expect(await textOf('mise-en-demeure', { delaiJours })).not.toMatch(/juillet|au plus tard/);
  });

  test('is not to be disregarded: whoever has paid is asked to say so', async () => {
    const texte = await textOf('mise-en-demeure');
    expect(texte).not.toContain('ne tenez pas compte');
    expect(texte).toContain('Si vous avez déjà réglé cette somme, indiquez-nous la date et le mode');
  });

  test('names the consequences: proceedings, and to a consumer the legal interest rate', async () => {
    expect(await textOf('mise-en-demeure')).toContain('injonction de payer');
    expect(await textOf('mise-en-demeure')).not.toContain('taux légal');
    const consumer = await textOf('mise-en-demeure', { typeClient: 'PARTICULIER' });
    expect(consumer).toContain('injonction de payer');
    expect(consumer).toContain('intérêts moratoires au taux légal (article 1344-1 du code civil)');
  });

  test.each(names.filter((name) => name !== 'mise-en-demeure'))(
    'is nothing that %s pretends to be',
    async (modele) => {
      // the sum of several invoices is checked: each keeps its own
      const { restantDu = '' } = templates[modele]!.sample;
      expect(await textOf(modele, { ...overdue, restantDu })).not.toMatch(
        /mise en demeure|mettons en demeure|tribunal/i,
      );
    },
  );

  test.each([
    ['before the debt is overdue', { aujourdhui: '2026-06-14' }, /^variables\.dateEcheance: must be past/],
    ['with another time limit', { delaiJours: '3' }, /^variables\.delaiJours: must be one of 8, 15/],
    ['when nothing is due', { restantDu: '0' }, /^variables\.restantDu: must be an amount in cents above 0/],
    [
      'when all of it is debited',
      { montantPreleve: '93456' },
      /^variables\.montantPreleve: must be less than restantDu/,
    ],
  ])('is not made %s', async (_, changes, message) => {
    await expect(rendered('mise-en-demeure', changes)).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('new bank details', () => {
  test.each(['rejet-nouvelles-coordonnees', 'reessais-epuises'])(
    '%s asks for them, safely',
    async (modele) => {
      const texte = await textOf(modele);
      expect(texte).toContain('nouvelles coordonnées bancaires');
      expect(texte).toContain('n’envoyez jamais votre IBAN par e-mail, même en réponse à ce message.');
      const page = 'https://clients.example.org/coordonnees';
      const { html } = await rendered(modele, { pageCoordonnees: page });
      expect(html).toContain(`href="${page}"`);
      expect(html).toContain('dans votre espace sécurisé');
    },
  );

  test.each([
    ['AC04', 'le compte enregistré est clôturé'],
    ['AG01', 'n’accepte pas les prélèvements'],
    ['ZZ99', 'il ne peut pas aboutir avec les coordonnées bancaires enregistrées'],
    ['', 'il ne peut pas aboutir avec les coordonnées bancaires enregistrées'],
  ])('of %s it says why', async (motifRejet, words) => {
    expect(await textOf('rejet-nouvelles-coordonnees', { motifRejet })).toContain(words);
  });
});

describe('a prenotification', () => {
  test('names the creditor, the mandate, the amount, the day, the invoice; of the IBAN its mask', async () => {
    const texte = await textOf('prenotification');
    for (const fact of [
      /Montant du prélèvement +1 234,56 €\n/,
      /Date du prélèvement +15 juillet 2026\n/,
      /Facture +F-2026-0042\n/,
      /Créancier +Suivi\n/,
      /Identifiant du créancier \(ICS\) +FR72ZZZ123456\n/,
      /Référence du mandat \(RUM\) +RUM-2026-0042\n/,
      /Compte débité +FR14 \*\*\*\* 606\n/,
    ]) {
      expect(texte).toMatch(fact);
    }
    expect(await textOf('prenotification', { numero: '' })).not.toContain('acture');
  });

  test.each(['SUIVI', 'Suivi SAS', 'suivi'])(
    'of one company has one name where files call it %s',
    async (name) => {
      const texte = await textOf('prenotification', { creancierNom: name });
      expect(texte).toMatch(/Créancier +Suivi\n/);
      expect(texte).not.toContain('relevé de compte');
    },
  );

  test('says what the bank’s statement will name where that is another company', async () => {
    const texte = await textOf('prenotification', { creancierNom: 'Énergie Encaissements' });
    expect(texte.match(/Énergie Encaissements/g)).toHaveLength(1);
    expect(texte).toContain(
      'Ce prélèvement apparaîtra sur votre relevé de compte au nom du créancier indiqué ci-dessus.',
    );
  });

  test('asks to be told before the day, and on the day at once', async () => {
    expect(await textOf('prenotification')).toContain('prévenez-nous avant cette date');
    expect(await textOf('prenotification', { aujourdhui: '2026-07-15' })).toContain(
      'prévenez-nous sans attendre',
    );
  });
});

test.each([
  ['prenotification', 'datePrelevement'],
  ['avant-reessai', 'dateReessai'],
])('%s is not made of a debit whose day has gone by', async (modele, name) => {
  await expect(rendered(modele, { [name]: '2026-06-30' })).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(new RegExp(`^variables\\.${name}: must not be past`)) as string,
  });
  const preview = renderTemplate(
    modele,
    { ...usual, ...templates[modele]!.sample, [name]: '2026-06-30' },
    'preview',
  );
  expect((await preview).texte).toContain('30\u00a0juin 2026');
});

describe.each(['rejet-am04', 'reessai-echoue'])('what happens next, as %s says it', (modele) => {
  const usual = { aujourdhui: '2026-07-01', dateRejet: '2026-07-01' };

  test('is a date where it is known', async () => {
    const next = { ...usual, prochaineDate: '2026-07-06T08:00:00Z' };
    expect(await textOf(modele, next)).toContain(
      'Nous le présenterons de nouveau à votre banque à partir du 6 juillet 2026.',
    );
    // a part of the invoice was paid in another way: only the rest is debited
    expect(await textOf(modele, { ...next, montantRecu: '30000', restantDu: '93456' })).toContain(
      'Nous le présenterons de nouveau à votre banque, pour les 934,56 € qui restent à payer, à partir du',
    );
  });

  test.each(['', '2026-06-30'])('is not known where it is "%s"', async (prochaineDate) => {
    const texte = await textOf(modele, { ...usual, prochaineDate });
    expect(texte).toContain('Nous vous informerons de la suite.');
    expect(texte).not.toMatch(/présenterons|à partir du/);
  });

  test('is payment by other means where it is not presented again', async () => {
    const texte = await textOf(modele, { ...usual, nouvellePresentation: 'EXCLUE' });
    expect(texte).toContain(
      'Il ne sera pas présenté de nouveau : nous vous remercions de régler la somme de 1 234,56 €',
    );
    expect(texte).not.toMatch(/approvisionné|présenterons|prévenez-nous/);
  });
});

test('of a debit that may take more than its invoice, what is asked for is what its caller says', async () => {
  const more = { montant: '123456', montantDu: '103456', restantDu: '93456', prochaineDate: '2026-07-06' };
  expect(await textOf('rejet-am04', more)).toContain('pour les 1 034,56 € qui restent à payer');
  expect(await textOf('reessais-epuises', more)).toContain('régler la somme de 1 034,56 € par');
});

test('what is asked for after the last retry is what is left of the invoice', async () => {
  const texte = await textOf('reessais-epuises', { montantRecu: '30000', restantDu: '93456' });
  expect(texte).toContain('régler la somme de 934,56 € par un autre moyen');
});

describe('how to pay', () => {
  const asking = ['facture', ...dunning, ...rejections];
  const after = (texte: string) => /^Comment régler\n(.*)$/m.exec(texte)?.[1];

  test.each([
    ['par virement, IBAN FR14', 'Par virement, IBAN FR14'],
    ['Virement : IBAN FR14 2004, BIC PSSTFRPP.', 'Virement : IBAN FR14 2004, BIC PSSTFRPP'],
    ['Virement: IBAN FR14', 'Virement: IBAN FR14'],
    ['Règlement : Virement : IBAN FR14', 'Virement : IBAN FR14'],
    ['Pour régler : par carte', 'Par carte'],
    ['règlement par chèque', 'Règlement par chèque'],
    ['à réception, par virement ; merci', 'À réception, par virement ; merci'],
  ])('"%s" reads well wherever it stands', async (paiement, line) => {
    for (const modele of asking) expect(after(await textOf(modele, { paiement }))).toBe(line);
  });

  test.each(asking)(
    'where nobody has said it, %s names whom to ask and promises no bank details',
    async (modele) => {
      const texte = await textOf(modele, { paiement: '' });
      expect(texte).toMatch(/Pour savoir comment régler, .*: contact@suivi\.invalid$/m);
      expect(texte).not.toMatch(/^Comment régler|virement|coordonnées bancaires indiquées/m);
    },
  );
});

test('subjects name the invoice first', async () => {
  for (const modele of ['facture', ...dunning, ...rejections, 'prenotification'])
    expect((await rendered(modele)).sujet).toMatch(/^Facture F-2026-0042[ \u00a0][:–] /);
  for (const modele of [...rejections, 'prenotification'])
    expect((await rendered(modele, { numero: '' })).sujet).toMatch(/^Prélèvement /);
});

describe('up to the due date', () => {
  const before = { ...overdue, aujourdhui: '2026-06-01', montantRecu: '0', restantDu: '123456' };

  test.each(['rappel', 'relance'])('%s only reminds of it', async (modele) => {
    const { sujet } = await rendered(modele, before);
    expect(sujet.replaceAll('\u00a0', ' ')).toBe('Facture F-2026-0042 : rappel, échéance le 14 juin 2026');
    const texte = await textOf(modele, before);
    expect(texte).toContain('arrive à échéance le 14 juin 2026.');
    expect(texte).not.toMatch(/relance|sauf erreur|toujours/i);
    expect(await textOf(modele, { ...before, aujourdhui: '2026-06-14' })).toContain(
      'arrive à échéance aujourd’hui.',
    );
  });
});

test('a part that was paid is said to be missing, and no more', async () => {
  expect(await textOf('relance', overdue)).toContain(
    'n’avons toujours pas reçu le règlement complet de la facture',
  );
  const nothing = { ...overdue, montantRecu: '0', restantDu: '123456' };
  expect(await textOf('relance', nothing)).toContain('n’avons toujours pas reçu le règlement de la facture');
});

test('an invoice that is paid asks for nothing, one without its PDF does not promise it', async () => {
  const paid = await textOf('facture', { restantDu: '0', montantRecu: '123456', pieceJointe: '' });
  expect(paid).toContain('Vous n’avez rien à payer sur cette facture.');
  expect(paid).not.toMatch(/régler|pièce jointe|déjà réglé,/);
  expect(await textOf('facture')).toContain('en pièce jointe');
  expect(await textOf('relance')).not.toContain('jointe');
  expect(await textOf('relance', { pieceJointe: 'facture' })).toContain('Une copie de la facture est jointe');
});

test('an invoice that is late already does not ask for payment by a day that has passed', async () => {
  expect(await textOf('facture', { aujourdhui: '2026-07-16' })).toContain(
    'régler la somme de 1 234,56 € dès que possible.',
  );
});

test('a contract of which nothing is to be paid names no amount', async () => {
  const texte = await textOf('confirmation-contrat', { montantTotal: '0' });
  expect(texte).not.toMatch(/€|chéance|prélev/);
});

test('a contract that is paid at once has one instalment, and no first one', async () => {
  const texte = await textOf('confirmation-contrat', { nombreEcheances: '1' });
  expect(texte).toMatch(/\nÉchéance +15 juillet 2026\n/);
  expect(texte).toContain('L’échéance sera prélevée sur votre compte');
  expect(texte).not.toMatch(/Nombre|Première|échéances/);
});

test.each([
  ['facture', 'montant', '12,50', /cents, digits only/],
  ['facture', 'montant', '-1', /cents, digits only/],
  ['facture', 'montantRecu', '1e3', /cents, digits only/],
  ['facture', 'dateFacture', '2026-02-29', /a date YYYY-MM-DD that exists/],
  ['facture', 'dateFacture', '15/06/2026', /a date YYYY-MM-DD that exists/],
  ['facture', 'dateEcheance', '2026-06-15T25:00:00Z', /a date YYYY-MM-DD that exists/],
  ['facture', 'typeClient', 'professionnel', /one of PARTICULIER, PROFESSIONNEL/],
  ['rappel', 'restantDu', '0', /above 0/],
  ['rejet-am04', 'montant', '0', /above 0/],
  ['rejet-nouvelles-coordonnees', 'motifRejet', 'ac 04', /a reason code/],
  ['rejet-nouvelles-coordonnees', 'pageCoordonnees', 'http://example.org', /an https address/],
  ['confirmation-contrat', 'nombreEcheances', '-3', /a whole number/],
])('%s refuses the %s %s', async (modele, name, value, words) => {
  await expect(rendered(modele, { [name]: value })).rejects.toMatchObject({
    code: 3,
    message: expect.stringMatching(new RegExp(`^variables\\.${name}: must be .*${words.source}`)) as string,
  });
});
