import { StatutRelance, type NiveauRelance, type Relance } from '../../gen/proto/relance/relance_pb.ts';

/** What has become of a level, or will. */
export type LevelState = 'sent' | 'skipped' | 'next' | 'planned' | 'never';

export const isRunning = ({ statut }: Relance): boolean =>
  statut === StatutRelance.EN_ATTENTE || statut === StatutRelance.EN_PAUSE;

export function stateOf(relance: Relance, { niveau, envoyeeAt, motifSaut }: NiveauRelance): LevelState {
  if (envoyeeAt) return 'sent';
  if (motifSaut) return 'skipped';
  if (!isRunning(relance)) return 'never';
  return niveau === relance.prochainNiveau ? 'next' : 'planned';
}

/** The level that would be the next one if the next one is skipped. */
export const levelAfterNext = (relance: Relance): NiveauRelance | undefined =>
  relance.niveaux.find(
    (level) => level.niveau > relance.prochainNiveau && stateOf(relance, level) === 'planned',
  );
