import { FORMAL_NOTICE, formatDate, formatInstant } from '@crm/domain';
import { StatutRelance, type Empechement, type NiveauRelance } from '@crm/proto/relance/relance';
import { hasEnded, type State } from './apply-action.ts';
import type { Acte, Way } from './decide-send.ts';
import { overdueFrom } from './due-at.ts';

/** What stopping a reminder depends on, all as it is now. */
type Truth = {
  row: Pick<State, 'statut' | 'motifFin' | 'pauseJusquAu'>;
  /** The next one. */
  level: Pick<NiveauRelance, 'modele'> | undefined;
  acte: Acte;
  /** Why it is left out: of `wayOf`. Undefined: it is not. */
  raison: Way['raison'];
  dateEcheance: string;
  /** What holds the reminders back, in words. */
  attente: string;
  /** When it would go out if a person asked for it now. */
  soonest: Date | undefined;
  now: Date;
};

/** Everything that would stop the next reminder now, in French. Empty: nothing would. */
export function sendObstacles({
  row,
  level,
  acte,
  raison,
  dateEcheance,
  attente,
  soonest,
  now,
}: Truth): Empechement[] {
  const obstacles: Empechement[] = [];
  const stops = (raison: string, message: string) => obstacles.push({ raison, message });
  if (hasEnded(row) || !level) {
    stops('RELANCE_TERMINEE', ['les relances sont terminées', row.motifFin].filter(Boolean).join(' : '));
    return obstacles;
  }
  if (acte?.$case === 'solde') stops('FACTURE_REGLEE', acte.value.motif);
  if (row.statut === StatutRelance.EN_PAUSE) {
    const until = row.pauseJusquAu ? `jusqu’au ${formatDate(row.pauseJusquAu)}` : 'jusqu’à nouvel ordre';
    stops('RELANCE_EN_PAUSE', `les relances sont en pause ${until}`);
  }
  if (attente) stops('RELANCE_RETENUE', attente);
  if (acte?.$case === 'saut' && raison) stops(raison, acte.value.motif);
  const overdue = overdueFrom({ dateEcheance });
  if (level.modele === FORMAL_NOTICE && overdue > now)
    stops(
      'MISE_EN_DEMEURE',
      `pas de mise en demeure avant le ${formatDate(overdue)} : échéance le ${formatDate(dateEcheance)}`,
    );
  if (soonest && soonest > now) {
    const why = 'heures d’ouverture, jours ouvrés et distance avec la dernière relance du client';
    stops('PLUS_TARD', `pas avant le ${formatInstant(soonest)} : ${why}`);
  }
  return obstacles;
}
