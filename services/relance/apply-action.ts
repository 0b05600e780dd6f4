import { failedPrecondition } from '@crm/kit';
import { ActionRelance, StatutRelance, type NiveauRelance } from '@crm/proto/relance/relance';

/** The part of an invoice's reminders that actions can change. */
export type State = {
  statut: StatutRelance;
  niveaux: NiveauRelance[];
  pauseJusquAu: string;
  motifFin: string;
  cycle: number;
};

/** An action, its level and its reason. */
export type Action = {
  action: ActionRelance;
  niveau: number;
  motif: string;
  pauseJusquAu: string;
  /** For a MIGRATION: the levels by the other rules. */
  niveaux?: NiveauRelance[];
};

const { EN_ATTENTE, EN_PAUSE, ACHEVEE, SOLDEE, ANNULEE } = StatutRelance;

/** Whether a level was sent or skipped. */
export const isDone = ({ envoyeeAt, motifSaut }: NiveauRelance): boolean => Boolean(envoyeeAt || motifSaut);

/** The next level, if there is one. */
export const nextLevel = ({ niveaux }: Pick<State, 'niveaux'>): NiveauRelance | undefined =>
  niveaux.find((level) => !isDone(level));

/** Whether nothing more will be sent. */
export const hasEnded = ({ statut }: Pick<State, 'statut'>): boolean =>
  statut === ACHEVEE || statut === SOLDEE || statut === ANNULEE;

/**
 * Applies an action to reminders. They end when every level was sent or skipped.
 * @returns the same state if nothing changes, for example for a payment of an invoice that is settled already
 * @throws {RpcError} FAILED_PRECONDITION if the reminders have ended, or the level was done before
 */
export function applyAction(state: State, request: Action, at: Date): State {
  const { action } = request;
  if (action === ActionRelance.SOLDE) {
    if (state.statut === SOLDEE || state.statut === ANNULEE) return state;
    return { ...state, statut: SOLDEE, pauseJusquAu: '', motifFin: request.motif };
  }
  if (action === ActionRelance.REARMEMENT) return state.statut === SOLDEE ? rearm(state) : state;
  if (hasEnded(state)) {
    throw failedPrecondition('RELANCE_TERMINEE', `the reminders have ended: ${state.statut}`);
  }
  return achieved(change(state, request, at));
}

function change(state: State, request: Action, at: Date): State {
  switch (request.action) {
    case ActionRelance.PAUSE:
      return { ...state, statut: EN_PAUSE, pauseJusquAu: request.pauseJusquAu };
    case ActionRelance.REPRISE:
      return { ...state, statut: EN_ATTENTE, pauseJusquAu: '' };
    case ActionRelance.ANNULATION:
      return { ...state, statut: ANNULEE, pauseJusquAu: '', motifFin: request.motif };
    case ActionRelance.ENVOI_DEMANDE:
      return withLevel(state, request.niveau, { dueAt: at });
    case ActionRelance.SAUT:
      return withLevel(state, request.niveau, { motifSaut: request.motif || 'sans raison' });
    case ActionRelance.ENVOI:
      // a reminder that is sent is no longer paused: the last day of the pause has come
      return withLevel({ ...state, statut: EN_ATTENTE, pauseJusquAu: '' }, request.niveau, { envoyeeAt: at });
    case ActionRelance.MIGRATION:
      return { ...state, niveaux: request.niveaux ?? state.niveaux };
    default:
      return state;
  }
}

/** A level that was sent or skipped does not change. */
function withLevel(state: State, niveau: number, changes: Partial<NiveauRelance>): State {
  const concerned = nextLevel(state);
  if (!concerned || (niveau !== 0 && niveau !== concerned.niveau)) {
    throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is not the one that comes next`);
  }
  const niveaux = state.niveaux.map((level) => (level === concerned ? { ...level, ...changes } : level));
  return { ...state, niveaux };
}

/** Levels that were not sent are to be sent again; if all were sent, the last one is sent once more. */
function rearm(state: State): State {
  const last = state.niveaux.length - 1;
  const niveaux = nextLevel(state)
    ? state.niveaux
    : state.niveaux.map((level, index) =>
        index === last ? { ...level, envoyeeAt: undefined, motifSaut: '' } : level,
      );
  return { ...state, niveaux, statut: EN_ATTENTE, motifFin: '', cycle: state.cycle + 1 };
}

const achieved = (state: State): State =>
  hasEnded(state) || nextLevel(state)
    ? state
    : { ...state, statut: ACHEVEE, pauseJusquAu: '', motifFin: 'dernier niveau traité' };
