import { NBSP } from '@crm/domain';
import { cutText } from '@crm/kit';
import type { Tache } from '@crm/proto/activites/activites';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { isWithin, line, type Window } from './line.ts';

/** Open tasks on their due date. */
export const taskLines = (taches: Tache[], window: Window): EcheanceAgenda[] =>
  taches
    .map(({ id: tacheId, organisationId, clientId, titre, echeance, assigneA, description }) =>
      line(window, {
        ...{ genre: GenreEcheance.TACHE, organisationId, clientId, tacheId },
        ...(echeance && { datePrevue: echeance }),
        libelle: `Tâche${NBSP}: ${titre}`,
        pourquoi: `échéance de la tâche${assigneA && `, assignée à ${assigneA}`}${description && `${NBSP}: ${inOneLine(description)}`}`,
        arret: 'tâche terminée ou annulée',
      }),
    )
    .filter((one) => isWithin(window, one));

/** The beginning of a description of several lines. */
const inOneLine = (description: string): string => cutText(description.replace(/\s*\n\s*/g, ' '), 200);
