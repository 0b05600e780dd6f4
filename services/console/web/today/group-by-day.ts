import { timestampDate } from '@bufbuild/protobuf/wkt';
import { GenreEcheance, type EcheanceAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { dayOf } from '../paris-day.ts';
import type { TodaySearch } from './route.ts';

/** The entries of a day. `jour`: `2026-11-28`; `retard`: their time has passed; empty: no date. */
export type DayOfAgenda = { jour: string; echeances: EcheanceAgenda[]; aPrelever: bigint };

const DEBITS: ReadonlySet<GenreEcheance> = new Set([GenreEcheance.PRELEVEMENT, GenreEcheance.REESSAI]);

/** In the order of the agenda: what is late first, what has no date last. */
export function groupByDay(echeances: EcheanceAgenda[], today: string): DayOfAgenda[] {
  const days = new Map<string, DayOfAgenda>();
  for (const echeance of echeances) {
    const jour = dayIn(echeance, today);
    let group = days.get(jour);
    if (!group) days.set(jour, (group = { jour, echeances: [], aPrelever: 0n }));
    group.echeances.push(echeance);
    // one that depends on another one would be counted with it
    if (DEBITS.has(echeance.genre) && !echeance.condition) group.aPrelever += echeance.montant;
  }
  return [...days.values()].sort((one, other) => rank(one.jour).localeCompare(rank(other.jour)));
}

const rank = (jour: string): string => (jour === 'retard' ? '0' : jour || '9');

function dayIn({ datePrevue, enRetard }: EcheanceAgenda, today: string): string {
  if (!datePrevue) return '';
  const jour = dayOf(timestampDate(datePrevue));
  return enRetard && jour < today ? 'retard' : jour;
}

/** Whether an entry is about somebody or something with this name; all else is filtered by the service. */
export function matches(
  { client }: TodaySearch,
  nameOf: (clientId: string) => string,
): (echeance: EcheanceAgenda) => boolean {
  const wanted = client && plain(client);
  return (echeance) => !wanted || plain(`${nameOf(echeance.clientId)} ${echeance.libelle}`).includes(wanted);
}

/** Without accents and capitals. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
