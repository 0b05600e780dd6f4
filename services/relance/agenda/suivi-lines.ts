import type { Db } from '@crm/db';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { StatutSuivi } from '@crm/proto/relance/relance';
import { durationInWords } from './in-words.ts';
import { isWithin, line, type Window } from './line.ts';

type Row = Awaited<ReturnType<Db['suivi']['findUniqueOrThrow']>>;

/** What first follow-ups still do: the task, and the reminder of it. */
export const suiviLines = (rows: Row[], window: Window): EcheanceAgenda[] =>
  rows.flatMap((row) => [...linesOf(row, window)]).filter((one) => isWithin(window, one));

function* linesOf(row: Row, window: Window): Generator<EcheanceAgenda> {
  const { organisationId, clientId, tacheId, datePrevue, dateRappel, delai, delaiRappel } = row;
  const whose = { organisationId, clientId, tacheId };
  if (row.statut === String(StatutSuivi.PLANIFIE)) {
    yield line(window, {
      ...whose,
      genre: GenreEcheance.TACHE_SUIVI,
      datePrevue,
      libelle: `Tâche de premier suivi de ${clientId}`,
      pourquoi: `premier suivi, ${delai ? `${durationInWords(delai)} ` : ''}après la création du client`,
      arret: 'client supprimé',
    });
  }
  yield line(window, {
    ...whose,
    genre: GenreEcheance.RAPPEL_SUIVI,
    datePrevue: dateRappel,
    libelle: `Rappel de la tâche de premier suivi de ${clientId}`,
    pourquoi: `premier suivi, ${delaiRappel ? `${durationInWords(delaiRappel)} ` : ''}après la tâche`,
    arret: 'tâche terminée ou annulée, client supprimé',
    condition: 'si la tâche est encore ouverte',
  });
}
