import { formatDate, formatInstant, NBSP } from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { NatureDifference, type DifferenceSimulation } from '@crm/proto/relance/simulation';
import { named } from './lines.ts';

/** Entries with the same key are about the same thing. */
const keyOf = ({ genre, numero, invoiceId, paymentId, pourquoi, ...of }: EcheanceAgenda): string =>
  [
    ...[genre, numero, invoiceId, paymentId, of.tacheId, of.clientId],
    // a rejection and what follows it are mails about the same attempt
    ...(genre === GenreEcheance.MAIL_REESSAI ? [pourquoi] : []),
  ].join('/');

/** What another policy moves, drops, adds or changes, in order of time. */
export function differences(before: EcheanceAgenda[], after: EcheanceAgenda[]): DifferenceSimulation[] {
  const then = new Map(after.map((one) => [keyOf(one), one]));
  const now = new Map(before.map((one) => [keyOf(one), one]));
  return [...new Set([...now.keys(), ...then.keys()])]
    .flatMap((key) => differenceOf(now.get(key), then.get(key)))
    .sort((a, b) => timeOf(a) - timeOf(b));
}

const timeOf = ({ avant, apres }: DifferenceSimulation): number =>
  Math.min(...[avant, apres].flatMap((one) => one?.datePrevue?.getTime() ?? []));

function differenceOf(
  avant: EcheanceAgenda | undefined,
  apres: EcheanceAgenda | undefined,
): DifferenceSimulation[] {
  const one = (nature: NatureDifference, words: string) => [
    { nature, libelle: `${(apres ?? avant)!.libelle}${NBSP}: ${words}`, avant, apres },
  ];
  if (!avant) return one(NatureDifference.AJOUTEE, `en plus, ${when(apres!)}`);
  if (!apres) return one(NatureDifference.SUPPRIMEE, `plus envoyé, prévu ${when(avant)}`);
  if (avant.datePrevue?.getTime() !== apres.datePrevue?.getTime())
    return one(NatureDifference.DEPLACEE, `${when(avant)} → ${when(apres)}`);
  const [was, is] = [avant, apres].map((line) => `${named(line)}, ${line.pourquoi}`);
  return was === is ? [] : one(NatureDifference.CHANGEE, `${was} → ${is}`);
}

/** "le 12 juin 2026 à 09:00". */
const when = ({ datePrevue, jourEntier }: EcheanceAgenda): string =>
  !datePrevue ? 'sans date' : `le ${jourEntier ? formatDate(datePrevue) : formatInstant(datePrevue)}`;
