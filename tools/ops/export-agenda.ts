import { csvAmount, csvDate, dateInParis, inParis } from '@crm/domain';
import type { EcheanceAgenda, GenreEcheance } from '@crm/proto/relance/agenda';
import { agendaLines } from './agenda-lines.ts';
import type { Exported } from './exported.ts';

/** The rows of an agenda, headings first. */
export async function* exportAgenda(
  { call, ...whose }: Exported,
  window: { du: string; au: string },
): AsyncGenerator<string[]> {
  yield [
    ...['Date', 'Heure', 'Genre', 'Libellé', 'Client', 'Facture', 'Contrat', 'Montant', 'Pourquoi'],
    ...['Arrêt', 'Condition', 'En retard', 'En pause jusqu’au'],
  ];
  for await (const one of agendaLines(call, { ...window, ...whose })) yield rowOf(one);
}

function rowOf(one: EcheanceAgenda): string[] {
  const { datePrevue, jourEntier } = one;
  const hour =
    datePrevue && !jourEntier ? inParis(datePrevue).toPlainTime().toString({ smallestUnit: 'minute' }) : '';
  return [
    datePrevue ? csvDate(dateInParis(datePrevue)) : '',
    hour,
    genreInWords(one.genre),
    ...[one.libelle, one.clientNom || one.clientId, one.invoiceNumero || one.invoiceId, one.contratReference],
    one.montant > 0n ? csvAmount(one.montant) : '',
    ...[one.pourquoi, one.arret, one.condition],
    one.enRetard ? 'oui' : '',
    one.enPause ? csvDate(one.pauseJusquAu) || 'nouvel ordre' : '',
  ];
}

/** "mail relance" for MAIL_RELANCE. */
const genreInWords = (genre: GenreEcheance): string => genre.toLowerCase().replaceAll('_', ' ');
