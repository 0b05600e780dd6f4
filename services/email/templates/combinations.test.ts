/**
 * Renders every template with every combination of the values that its variables may have, and checks what no
 * mail may contain. A new template, or a new kind of value, is a line of `CASES`.
 */
import { templates } from './index.ts';
import { renderTemplate, type Rendered } from './render-template.ts';
import type { Variables } from './variables.ts';

const CONTACT = 'contact@energie.invalid';
const usual = { expediteur: 'Énergie', contact: CONTACT, mentions: 'Énergie & Cie, SAS · RCS Paris' };

/** The possible values of a variable, or of variables that belong together. */
type Choices = Variables[];

const clients: Choices = [
  { prenom: 'Émilie', nom: 'André', raisonSociale: '' },
  { prenom: 'Marc', nom: 'Dupont', raisonSociale: 'Boulangerie Le Fournil SARL' },
  { prenom: '', nom: 'Boulangerie Le Fournil SARL', raisonSociale: 'Boulangerie Le Fournil SARL' },
  // a company that was recorded with a nom only
  { prenom: '', nom: 'Atelier Lefèvre SARL', raisonSociale: '' },
];
const means: Choices = [
  { paiement: '' },
  { paiement: 'par virement, IBAN FR14 2004 1010 0505 0001 3M02 606' },
  { paiement: 'Virement : IBAN FR14 2004 1010 0505 0001 3M02 606, BIC PSSTFRPPLIL.' },
  { paiement: 'Règlement : par chèque à l’ordre d’Énergie' },
];
const pdf = (kind: string): Choices => [{ pieceJointe: '' }, { pieceJointe: kind }];
const pages: Choices = [{ pageCoordonnees: '' }, { pageCoordonnees: 'https://energie.invalid/iban' }];
const days: Choices = [
  '2026-06-01', // two weeks before the due date
  '2026-06-14', // on that day
  '2026-06-15', // a day late
  '2026-07-01',
].map((aujourdhui) => ({ aujourdhui }));
const types: Choices = [{ typeClient: 'PARTICULIER' }, { typeClient: 'PROFESSIONNEL' }];

const invoice = { numero: 'F-2026-0042', dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };
const due: Choices = [
  { montant: '123456', montantAvoirs: '', montantRecu: '0', restantDu: '123456' },
  { montant: '123456', montantAvoirs: '0', montantRecu: '30000', restantDu: '93456' },
  { montant: '123456', montantAvoirs: '1000', montantRecu: '0', restantDu: '122456' },
  { montant: '123456', montantAvoirs: '1000', montantRecu: '30000', restantDu: '92456' },
];
/** Of a part of it, and of all. */
const debited: Choices = [
  { montantPreleve: '', preleveLe: '' },
  { montantPreleve: '20000', preleveLe: '2026-07-02' },
  { montantPreleve: '20000', preleveLe: '' },
];
const covered: Choices = [
  { ...due[0], montantPreleve: '123456', preleveLe: '2026-07-02' },
  { ...due[1], montantPreleve: '93456', preleveLe: '' },
];
const settled: Choices = [
  { montant: '123456', montantAvoirs: '', montantRecu: '123456', restantDu: '0' },
  { montant: '123456', montantAvoirs: '123456', montantRecu: '0', restantDu: '0' },
];
const objects: Choices = [{ objet: '' }, { objet: 'Contrat d’entretien annuel' }];

const many = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [
    `facture${index + 1}`,
    `F-2026-${1000 + index}|2026-05-${10 + index}|2026-06-${10 + index}|${200_00 + index}|10000`,
  ]),
);
const two = {
  ...{ nombre: '2', facture1: 'F-2026-0042|2026-05-15|2026-06-14|123456|93456' },
  ...{ facture2: 'F-2026-0047|2026-05-31|2026-07-15|50000|50000', restantDu: '143456' },
};
/** Some overdue, none, all; with debits of a part; more than a mail lists. */
const merged: Choices = [
  { ...two, nombreEnRetard: '1', montantEnRetard: '93456', montantPreleve: '' },
  { ...two, nombreEnRetard: '1', montantEnRetard: '73456', montantPreleve: '20000' },
  { ...two, nombreEnRetard: '0', montantEnRetard: '0', montantPreleve: '' },
  { ...two, nombreEnRetard: '2', montantEnRetard: '143456', montantPreleve: '' },
  { ...many, nombre: '21', restantDu: '210000', nombreEnRetard: '3', montantEnRetard: '30000' },
  { ...many, nombre: '300', restantDu: '3000000', nombreEnRetard: '300', montantEnRetard: '3000000' },
];

const noInvoice = { numero: '', dateFacture: '', dateEcheance: '', montantFacture: '', montantAvoirs: '' };
const debits: Choices = [
  { ...noInvoice, montantRecu: '', restantDu: '' },
  { ...invoice, montantFacture: '123456', montantAvoirs: '', montantRecu: '0', restantDu: '123456' },
  { ...invoice, montantFacture: '123456', montantAvoirs: '', montantRecu: '30000', restantDu: '93456' },
  { ...invoice, montantFacture: '223456', montantAvoirs: '1000', montantRecu: '0', restantDu: '222456' },
].map((one) => ({ montant: '123456', ...one }));
const nextDays: Choices = [
  { prochaineDate: '', nouvellePresentation: '' },
  { prochaineDate: '2026-07-06', nouvellePresentation: '' },
  { prochaineDate: '2026-05-31', nouvellePresentation: '' },
  { prochaineDate: '2026-07-06', nouvellePresentation: 'EXCLUE' },
];
const rejected = { dateRejet: '2026-06-01' };
const debit = { rum: 'RUM-1', ibanMasque: 'FR14 **** 606', creancierIcs: 'FR72ZZZ123456' };

/** The values for each template: fixed ones, and those that are combined. */
type Case = { given?: Variables; among: Choices[]; inTurn?: Choices[] };

const CASES: Record<string, Case> = {
  bienvenue: { among: [clients, means] },
  'confirmation-contrat': {
    given: { reference: 'C-2026-0042', dateSignature: '2026-06-01' },
    among: [
      [{ montantTotal: '' }, { montantTotal: '0' }, { montantTotal: '123456' }],
      [{ nombreEcheances: '' }, { nombreEcheances: '1' }, { nombreEcheances: '12' }],
      [{ datePremiereEcheance: '' }, { datePremiereEcheance: '2026-07-01' }],
      [{ modePaiement: '' }, { modePaiement: 'PRELEVEMENT_SEPA' }],
    ],
  },
  facture: {
    given: invoice,
    among: [types, days, [...due, ...covered, ...settled]],
    inTurn: [means, pdf('facture'), objects],
  },
  rappel: { given: invoice, among: [types, days, due, debited], inTurn: [means, pdf('facture'), objects] },
  relance: { given: invoice, among: [types, days, due, debited], inTurn: [means, pdf('facture'), objects] },
  'relance-groupee': {
    among: [types, days, merged, [{ ton: 'rappel' }, { ton: 'relance' }]],
    inTurn: [means],
  },
  'mise-en-demeure': {
    given: invoice,
    among: [types, days.slice(2), due, clients, debited],
    inTurn: [means, [{ delaiJours: '' }, { delaiJours: '8' }], pdf('facture')],
  },
  prenotification: {
    given: { ...debit, datePrelevement: '2026-07-01' },
    among: [days, debits, [{ creancierNom: 'ENERGIE SAS' }, { creancierNom: 'Suivi Encaissements' }]],
  },
  'rejet-am04': { given: rejected, among: [days.slice(1), debits, nextDays], inTurn: [means] },
  'reessai-echoue': { given: rejected, among: [days.slice(1), debits, nextDays], inTurn: [means] },
  'rejet-nouvelles-coordonnees': {
    given: rejected,
    among: [means, debits, pages],
    inTurn: [days, [{ motifRejet: '' }, { motifRejet: 'AC04' }]],
  },
  'avant-reessai': { given: { dateReessai: '2026-07-01' }, among: [means, debits], inTurn: [days] },
  'reessais-epuises': { among: [means, debits, pages], inTurn: [days, [{ dateRejet: '' }, rejected]] },
  avoir: {
    given: { numeroAvoir: 'A-2026-0007', dateAvoir: '2026-07-01', montantAvoir: '20000', ...invoice },
    among: [clients, [{ motif: '' }, { motif: 'Intervention annulée' }], pdf('avoir')],
  },
};

/** All combinations of a case. If the recipient is not combined, it alternates. */
function* combinations({ given = {}, among, inTurn = [] }: Case): Generator<Variables> {
  const count = among.reduce((all, choices) => all * choices.length, 1);
  for (let index = 0; index < count; index++) {
    const taken = [clients, ...inTurn].map(
      (choices, nth) => choices[(index * (nth + 1) + Math.floor(index / choices.length)) % choices.length]!,
    );
    let rest = index;
    const chosen = among.map((choices) => {
      const one = choices[rest % choices.length]!;
      rest = Math.floor(rest / choices.length);
      return one;
    });
    yield Object.assign({ aujourdhui: '2026-06-01' }, usual, given, ...taken, ...chosen) as Variables;
  }
}

const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(
  ' ',
);
/** Dates by which a text says that something must be done or will happen. */
const PROMISED =
  /(?:au plus tard le|à partir du|avant le|échéance le|prélèverons .* le)\s(\d+)(?:er)?\s(\p{L}+)\s(\d{4})/gu;

/** What no mail may contain: each is a pattern of its text or subject. */
const NEVER: [RegExp, string][] = [
  [/undefined|null|NaN|\[object|\[\]/, 'a value that there is not'],
  [/[^\S\n] *[:;] *[:;]|[.,;:!?]{2}|[,;:] *[.!?]/, 'punctuation twice'],
  [/(?<! ) {2}(?! )(?=\S)(?<!^\S.*? {2})/m, 'two spaces'],
  [/\u00a0 | \u00a0|\u00a0\u00a0/, 'two spaces of which one does not break'],
  [/ [:;?!»%€]|\d [\d€%](?! \d{4})|« (?!\u00a0)/, 'a space at which a line may break'],
  [/[\p{L}\d][;?!]|\p{L}:(?!\/\/)/u, 'double punctuation without its space'],
  [/(?<!^Bonjour .*|Monsieur|cordialement)[,(]$|[:;]\u00a0*$/m, 'a line that waits for what follows'],
  [/'/, 'a straight apostrophe'],
  [/\b(un |1\u00a0)(jours|échéances|factures)\b/, 'a plural of one'],
  [/\b1\u00a0(?:janvier|mai|juin|juillet)\b/, 'the first of a month without er'],
  [/\b0\u00a0jour|aucun à ce jour|(?:Avoirs|Déjà réglé) +-?0,00/, 'a line that says nothing'],
  [/courriel|mail(?<!e-mail|@\S*)/i, 'another word for an e-mail'],
  [/(?<![\p{L}’-])(tu|toi|ton|tes|te)(?![\p{L}-])/iu, 'a familiar word'],
  [/\n{3}|[ \u00a0]$/m, 'blank lines, or blanks at an end'],
  [/ (de|le|que) (Émilie|Atelier|Énergie)/, 'an elision left out before a name'],
  [/[:;][^\n.?!]*\u00a0[:;]/, 'a label within what a label says'],
  [/coordonnées bancaires indiquées/, 'a promise of bank details that nobody knows'],
];

/** Everything forbidden that this mail contains. */
function faultsOf(modele: string, { sujet, html, texte }: Rendered, given: Variables): string[] {
  // an IBAN may be copied, so its spaces are ordinary ones
  const ours = `${sujet}\n${texte.replace(/IBAN FR14 [^,\n]*/g, 'IBAN')}`;
  const faults = NEVER.flatMap(([pattern, what]) => {
    const [found] = pattern.exec(ours) ?? [];
    return found === undefined ? [] : [`${what}: ${JSON.stringify(found)}`];
  });
  const say = (is: boolean, what: string) => is && faults.push(what);
  const mentions = (what: string) => texte.split(what).length - 1;

  say(mentions(CONTACT) !== 1, `the contact ${mentions(CONTACT)} times`);
  say(mentions('IBAN FR14') > 1, 'the bank details twice');
  say(
    mentions('IBAN FR14') < Number(/IBAN/.test(given.paiement ?? '')) * mentions('Comment régler'),
    'no bank details',
  );
  for (const [what, must, is] of mandatory(modele, texte, given))
    say(must !== is, `${what} is ${is ? 'there' : 'missing'}`);
  const sentences = texte.split(/(?<=[.?!])\s+|\n+/).filter((one) => one.length > 20);
  say(new Set(sentences).size < sentences.length, 'a sentence twice');
  say(!sentences.some((one) => one.startsWith('Vous recevez ce message')), 'no reason why it came');
  for (const [, day, month, year] of texte.matchAll(PROMISED)) {
    const date = `${year}-${String(MONTHS.indexOf(month!) + 1).padStart(2, '0')}-${day!.padStart(2, '0')}`;
    say(date < given.aujourdhui!, `${date}, a day that has gone by, is announced`);
  }
  const words = wordsOf(`${given.expediteur} ${texte.replace(/^-+$/m, '')}`);
  say(wordsOf(html) !== words, 'HTML and text say different things');
  say([...sujet].length > 78, `a subject of ${[...sujet].length} characters`);
  say(/[A-ZÉÀ]{5,}/.test(sujet), 'a subject that shouts');
  return faults;
}

/** The words that a reader of the HTML sees below the preview line, or a reader of the text. */
const wordsOf = (seen: string): string =>
  seen
    .replace(/<head>.*?<\/head>|<div[^>]*display:none.*?<\/div>(?=<!--)/gs, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?(?:strong|span|a)\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')
    .trim();

const euros = (cents: string | undefined) =>
  (Number(cents) / 100).toLocaleString('fr-FR', { minimumFractionDigits: 2 }).replaceAll('\u202f', '\u00a0');
const asks = (modele: string) =>
  ['facture', 'rappel', 'relance', 'relance-groupee', 'mise-en-demeure'].includes(modele);
const isDebit = (modele: string) => /^(re|avant-re)/.test(modele) && !asks(modele);

/** What must be in a mail, or must not if it does not apply: a name, and whether it is there. */
function mandatory(
  modele: string,
  texte: string,
  given: Variables,
): [what: string, must: boolean, is: boolean][] {
  const line = (label: string, value = '') => new RegExp(`^${label} +${value}`, 'm').test(texte);
  const isDue = Number(given.restantDu) > 0;
  const isLate =
    isDue &&
    (Number(given.nombreEnRetard) > 0 || (!!given.dateEcheance && given.dateEcheance < given.aujourdhui!));
  const isFormal = modele === 'mise-en-demeure';
  const rest = Number(given.restantDu) - Number(given.montantPreleve ?? 0);
  const isAsked = isDebit(modele) || (asks(modele) && rest > 0);
  const isDebited = asks(modele) && isDue && Number(given.montantPreleve) > 0;
  const ofInvoice = (asks(modele) || isDebit(modele)) && !!given.numero;
  const penalties = asks(modele) && modele !== 'facture' && isLate && given.typeClient === 'PROFESSIONNEL';
  return [
    ['the invoice’s number', ofInvoice, ofInvoice && line('Facture', given.numero)],
    ['the invoice’s date', ofInvoice, ofInvoice && line('Date de facture', '15\u00a0mai 2026')],
    ['the due date', ofInvoice, ofInvoice && line('Échéance', '14\u00a0juin 2026')],
    ['the total', ofInvoice, ofInvoice && line('Total TTC', euros(given.montantFacture ?? given.montant))],
    [
      'what was paid',
      ofInvoice && Number(given.montantRecu) > 0,
      line('Déjà réglé', euros(given.montantRecu)),
    ],
    [
      'what was credited',
      ofInvoice && Number(given.montantAvoirs) > 0,
      line('Avoirs', `-${euros(given.montantAvoirs)}`),
    ],
    ['what remains', ofInvoice, ofInvoice && line('Reste à payer', euros(given.restantDu))],
    ['how late it is', ofInvoice && isLate, line('Retard', '\\d+\u00a0jour')],
    ['what is debited', isDebited, line('Dont prélevé', euros(given.montantPreleve))],
    ['that it is debited', isDebited, /prélevée le|fait l’objet d’un prélèvement/.test(texte)],
    ['the day of the debit', isDebited && !!given.preleveLe, /prélevée le 2\u00a0juillet 2026/.test(texte)],
    [
      'the amount asked for',
      isDebited && rest > 0,
      isDebited && rest > 0 && texte.includes(`${euros(String(rest))}\u00a0€`),
    ],
    ['that nothing is to be done', isDebited && rest === 0, /vous n’avez rien à faire/.test(texte)],
    ['how to pay', isAsked && !!given.paiement, /^Comment régler\n\S/m.test(texte)],
    ['whom to ask how to pay', isAsked && !given.paiement, /[Pp]our savoir comment régler/.test(texte)],
    [
      'what to do if it is paid',
      isAsked || modele === 'prenotification',
      /^Si vous avez déjà réglé[ ,]/m.test(texte),
    ],
    ['that it may be disregarded', isAsked && !isFormal, /ne tenez pas compte de ce message/.test(texte)],
    ['penalties', penalties, /441-10/.test(texte)],
    [
      'the indemnity',
      penalties,
      /indemnité forfaitaire .* 40,00\u00a0€ (?:par facture )?\(article D\.\u00a0441-5\)/.test(texte),
    ],
    ['that it is a formal notice', isFormal, /mettons en demeure/.test(texte)],
    ['the legal rate', isFormal && !penalties, /taux légal/.test(texte)],
    ['what follows a formal notice', isFormal, /tribunal/.test(texte)],
  ];
}

test('every template is here', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(templates).sort());
});

test.each(Object.keys(CASES))('%s, over all that its variables may say', async (modele) => {
  const faults = new Map<string, Variables>();
  let count = 0;
  for (const given of combinations(CASES[modele]!)) {
    count += 1;
    const rendered = await renderTemplate(modele, given);
    for (const fault of faultsOf(modele, rendered, given)) if (!faults.has(fault)) faults.set(fault, given);
  }
  expect([...faults].map(([fault, given]) => `${fault} in ${JSON.stringify(given)}`)).toEqual([]);
  expect(count).toBeGreaterThan(8);
});
