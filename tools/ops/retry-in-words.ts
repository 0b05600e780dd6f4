import { formatEuros } from '@crm/domain';
import { GenreEvenementRetry, type EvenementRetry } from '@crm/proto/retry/retry';
import { local } from './words.ts';

/** What sets the time of each kind of mail, by template. */
const MAILS: Record<string, string> = {
  'avant-reessai': '2 jours avant',
  prenotification: 'dès que le premier prélèvement par un autre mandat est prévu',
  'reessai-echoue': 'dès le rejet',
  'reessais-epuises': 'dès le dernier rejet',
};

const { MAIL, PRESENTATION, ENCAISSEMENT } = GenreEvenementRetry;

/** "2026-03-09 10:00  2e présentation, 750,00 €: rejet du 2026-03-02 + 5 jours à 10:00, reporté …". */
export function describeRetry(one: EvenementRetry, montant: bigint): string {
  const { at, genre, pourquoi } = one;
  const why = genre === MAIL ? MAILS[pourquoi] : pourquoi;
  const amount = genre === PRESENTATION ? `, ${formatEuros(montant)}` : '';
  return `${local(at!)}  ${whatOf(one)}${amount}${why ? `: ${why}` : ''}`;
}

/** "2e présentation". */
export function whatOf({ genre, numero, pourquoi }: EvenementRetry): string {
  const presentation = `${numero}${numero === 1 ? 're' : 'e'} présentation`;
  if (genre === MAIL) return `mail ${pourquoi}, ${presentation}`;
  if (genre === PRESENTATION) return presentation;
  return `${genre === ENCAISSEMENT ? 'encaissement' : 'rejet'} de la ${presentation}`;
}
