import { formatDate } from '@crm/domain';
import { CategorieOperation, type Invoice } from '@crm/proto/factures/factures';
import { postalLines } from './addressee.ts';
import type { Fact } from './letter.ts';

type Words = { nature: string; day: string; period: string };

/** The three categories of CGI annexe II art. 242 nonies A, I in words, and the text if none is known. */
const WORDS: Partial<Record<CategorieOperation, Words>> = {
  [CategorieOperation.LIVRAISON_BIENS]: {
    nature: 'Livraison de biens',
    day: 'Date de la livraison',
    period: 'Période des livraisons',
  },
  [CategorieOperation.PRESTATION_SERVICES]: {
    nature: 'Prestation de services',
    day: 'Date de la prestation',
    period: 'Période de la prestation',
  },
  [CategorieOperation.MIXTE]: {
    nature: 'Livraison de biens et prestation de services',
    day: 'Date de l’opération',
    period: 'Période de l’opération',
  },
};
const UNTOLD: Words = { nature: '', day: 'Date de l’opération', period: 'Période de l’opération' };

/** The facts of an invoice about what was sold, when and where it was delivered. */
export function operationFacts(invoice: Invoice): Fact[] {
  const words = WORDS[invoice.categorieOperation] ?? UNTOLD;
  const { datePrestation, periodeDu, periodeAu, adresseLivraison: to } = invoice;
  return [
    ['Votre commande', invoice.numeroCommande],
    ['Nature de l’opération', words.nature],
    [words.day, datePrestation && formatDate(datePrestation)],
    [words.period, periodeDu && formatPeriod(periodeDu, periodeAu)],
    ['Adresse de livraison', to && [to.nom, ...postalLines(to)].filter(Boolean).join(', ')],
  ];
}

/** "du 1er au 31 mai 2026", "du 15 mai au 14 juin 2026": a common month or year is written once. */
function formatPeriod(from: string, to: string): string {
  if (from === to) return formatDate(from);
  const [day, month, year] = formatDate(from).split(' ') as [string, string, string];
  const same = (length: number) => from.slice(0, length) === to.slice(0, length);
  const begins = same(7) ? day : same(4) ? `${day} ${month}` : `${day} ${month} ${year}`;
  return `du ${begins} au ${formatDate(to)}`;
}
