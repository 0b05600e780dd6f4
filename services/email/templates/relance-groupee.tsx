import { formatDays, formatEuros } from '@crm/domain';
import { invalid } from '@crm/kit';
import { clientSample, clientVariables } from './client.ts';
import { formatDate } from './formats.ts';
import { CommentRegler, DejaRegle, VotreContact } from './how-to-pay.tsx';
import { assertToPay, daysLate, PenalitesExigibles, SeraPreleve, toPay } from './invoice.tsx';
import { Layout, Liste, Paragraph, Recapitulatif, Salutation, type Poste } from './layout.tsx';
import { LEVELS } from './rappel-relance.tsx';
import { template, type Usual } from './template.ts';
import { cents, count, oneOf, optional, owedCents, type Kind, type ValuesOf } from './variables.ts';

/** An invoice of the list. */
type Listed = {
  numero: string;
  dateFacture: string;
  dateEcheance: string;
  montant: bigint;
  restantDu: bigint;
};

const LISTED = /^(.+)\|(\d{4}-\d\d-\d\d)\|(\d{4}-\d\d-\d\d)\|(\d{1,15})\|(\d{1,15})$/;

const listedInvoice: Kind<Listed> = {
  parse(value) {
    const [, numero, dateFacture, dateEcheance, montant, restantDu] = LISTED.exec(value) ?? [];
    if (!numero || [dateFacture, dateEcheance].some((day) => Number.isNaN(Date.parse(day!))))
      return undefined;
    return {
      ...{ numero, dateFacture: dateFacture!, dateEcheance: dateEcheance! },
      ...{ montant: BigInt(montant!), restantDu: BigInt(restantDu!) },
    };
  },
  must: 'be number|date|due date|amount|what is left: F-2026-0042|2026-05-15|2026-06-14|123456|93456',
};

/** The invoices that a mail lists, so that people read it; the others are counted, with their sum. */
const RANKS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;
type Rank = `facture${(typeof RANKS)[number]}`;

const invoices = Object.fromEntries(
  RANKS.map((rank) => [`facture${rank}`, optional(listedInvoice)]),
) as Record<Rank, Kind<Listed> & { optional: true }>;

const variables = {
  ...clientVariables,
  /** Decides which penalties the law allows. */
  typeClient: oneOf('PARTICULIER', 'PROFESSIONNEL'),
  /** The firmest of the levels that are sent together. */
  ton: oneOf('rappel', 'relance'),
  /** How many invoices it is about; those without a line are counted. */
  nombre: count,
  nombreEnRetard: count,
  /** What is left to pay of all. */
  restantDu: owedCents,
  /** What debits under way take of it. If omitted: nothing. */
  montantPreleve: optional(cents),
  /** What is to be paid of those that are overdue. */
  montantEnRetard: cents,
  ...invoices,
  facture1: listedInvoice,
};

type Values = ValuesOf<typeof variables> & Usual;

/** "3 factures". */
const factures = (nombre: number): string => `${nombre}\u00a0${nombre === 1 ? 'facture' : 'factures'}`;

const listed = (values: Values): Listed[] => RANKS.flatMap((rank) => values[`facture${rank}`] ?? []);

const sum = (lines: Listed[]): bigint => lines.reduce((all, { restantDu }) => all + restantDu, 0n);

function check(values: Values): void {
  const lines = listed(values);
  const { nombre, nombreEnRetard, restantDu } = values;
  assertToPay(values);
  if (nombre < 2 || lines.length > nombre)
    throw invalid('variables.nombre', 'must be 2 or more, and no less than the invoices that are listed');
  const rest = restantDu - sum(lines);
  if (lines.length === nombre ? rest !== 0n : rest <= 0n)
    throw invalid('variables.restantDu', 'must be the sum of what is left of all invoices');
  if (nombreEnRetard > nombre || nombreEnRetard > 0 !== values.montantEnRetard > 0n)
    throw invalid('variables.nombreEnRetard', 'must be how many of them montantEnRetard is of');
}

/** The list: each invoice, how many more there are, and the sum. */
function postes(values: Values): Poste[] {
  const lines = listed(values);
  const more = values.nombre - lines.length;
  return [
    ...lines.map(({ numero, dateFacture, dateEcheance, montant, restantDu }) => {
      const late = daysLate({ dateEcheance, aujourdhui: values.aujourdhui });
      return {
        libelle: `${numero} du ${formatDate(dateFacture)}`,
        valeur: formatEuros(restantDu),
        important: false,
        detail: late
          ? `échue le ${formatDate(dateEcheance)}, ${formatDays(late)} de retard`
          : `échéance le ${formatDate(dateEcheance)}`,
        valeurDetail: `sur ${formatEuros(montant)}`,
      };
    }),
    ...(more > 0
      ? [
          {
            libelle: more === 1 ? '1\u00a0autre facture' : `${more}\u00a0autres factures`,
            valeur: formatEuros(values.restantDu - sum(lines)),
            important: false,
          },
        ]
      : []),
    { libelle: 'Total', valeur: formatEuros(values.restantDu) },
    ...(values.montantPreleve
      ? [{ libelle: 'Dont prélevé', valeur: formatEuros(values.montantPreleve), important: false }]
      : []),
  ];
}

/** What is overdue, and what will be due. */
function Situation({ nombre, nombreEnRetard: late, ton }: Values) {
  const { notReceived } = LEVELS[ton];
  if (late === 0)
    return (
      <Paragraph>Nous vous rappelons que les {factures(nombre)} ci-dessous arrivent à échéance.</Paragraph>
    );
  const toCome = nombre - late;
  const which = toCome
    ? `de ${late} des ${factures(nombre)} ci-dessous`
    : `des ${factures(nombre)} ci-dessous`;
  return (
    <Paragraph>
      Sauf erreur de notre part, {notReceived} complet {which}, {late === 1 ? 'échue' : 'échues'}.
      {toCome === 1 && ' L’autre arrive à échéance.'}
      {toCome > 1 && ' Les autres arrivent à échéance.'}
    </Paragraph>
  );
}

/** The request: what is overdue now, and the rest when it is due. */
function Demande(values: Values) {
  const { nombre, nombreEnRetard: late, montantEnRetard } = values;
  const [what, when] = LEVELS[values.ton].asks;
  if (late === 0)
    return (
      <Paragraph>
        Nous vous remercions de régler la somme de <strong>{formatEuros(toPay(values))}</strong>, chaque
        facture au plus tard à son échéance.
      </Paragraph>
    );
  const rest = toPay(values) - montantEnRetard;
  return (
    <Paragraph>
      {what} la somme de <strong>{formatEuros(montantEnRetard)}</strong> {when}
      {late < nombre && rest > 0n
        ? `, et les ${formatEuros(rest)} qui ne sont pas encore échus au plus tard à leur échéance`
        : ''}
      .
    </Paragraph>
  );
}

/** The sample lists three of five. */
const SAMPLE = Object.fromEntries(
  RANKS.map((rank, index) => [
    `facture${rank}`,
    [
      'F-2026-0042|2026-05-15|2026-06-14|123456|93456',
      'F-2026-0047|2026-05-20|2026-06-19|48000|48000',
      'F-2026-0051|2026-06-15|2026-07-15|50000|50000',
    ][index] ?? '',
  ]),
) as Record<Rank, string>;

/**
 * One reminder of several invoices of a client, in the words of the firmest of their levels. Invoices that are not due
 * yet are told apart from the overdue ones: nobody is asked to pay early.
 */
export const relanceGroupee = template({
  variables,
  subject: ({ nombre, nombreEnRetard: late, ton, ...values }) =>
    `${factures(nombre)} : ${late ? LEVELS[ton].name.toLowerCase() : 'rappel'}, ${formatEuros(toPay(values))} à régler`,
  sample: {
    ...clientSample,
    raisonSociale: 'Atelier Lefèvre SARL',
    typeClient: 'PROFESSIONNEL',
    ton: 'relance',
    nombre: '5',
    nombreEnRetard: '4',
    restantDu: '401456',
    montantPreleve: '',
    montantEnRetard: '351456',
    ...SAMPLE,
  },
  check,
  component: (values) => {
    const { nombre, nombreEnRetard: late, ton, paiement, contact } = values;
    const { name, question } = LEVELS[ton];
    return (
      <Layout
        apercu={`À régler : ${formatEuros(toPay(values))}.`}
        titre={`${late ? name : 'Rappel'} : ${factures(nombre)}`.replace(' :', '\u00a0:')}
        expediteur={values.expediteur}
        raison={`Vous recevez ce message, envoyé automatiquement, parce que des factures établies à votre nom ${
          late ? 'ne sont pas entièrement réglées' : 'arrivent à échéance'
        }.`}
      >
        <Salutation prenom={values.prenom} />
        <Situation {...values} />
        <Recapitulatif lignes={[{ libelle: 'Client', valeur: values.raisonSociale }]} />
        <Liste entete={['Facture', 'Reste à payer']} postes={postes(values)} />
        <SeraPreleve {...values} preleveLe={undefined} />
        <Demande {...values} />
        <CommentRegler paiement={paiement} numero="les numéros des factures" />
        {late > 0 && values.typeClient === 'PROFESSIONNEL' && (
          <PenalitesExigibles
            {...values}
            depuis="le lendemain de l’échéance de chaque facture échue"
            reste="les montants ci-dessus"
            parFacture
          />
        )}
        <DejaRegle />
        <VotreContact contact={contact} paiement={paiement}>
          {late ? question.several : 'Une question sur ces factures'}
        </VotreContact>
      </Layout>
    );
  },
});
