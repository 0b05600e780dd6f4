import { failedPrecondition } from '@crm/kit';
import { ActionRelance, StatutRelance, type NiveauRelance } from '@crm/proto/relance/relance';

/** What of the reminders of an invoice an action can change. */
export type State = {
  statut: StatutRelance;
  niveaux: NiveauRelance[];
  pauseJusquAu: string;
  motifFin: string;
  cycle: number;
};

/** What is done, to which level, and why. */
export type Action = {
  action: ActionRelance;
  niveau: number;
  motif: string;
  pauseJusquAu: string;
  /** Of a MIGRATION: what the other rules make of the levels. */
  niveaux?: NiveauRelance[];
};

const { EN_ATTENTE, EN_PAUSE, ACHEVEE, SOLDEE, ANNULEE } = StatutRelance;

/** True of a level that was sent or left out. */
export const isDone = ({ envoyeeAt, motifSaut }: NiveauRelance): boolean => Boolean(envoyeeAt || motifSaut);

/** The level that comes next, if there is one. */
export const nextLevel = ({ niveaux }: Pick<State, 'niveaux'>): NiveauRelance | undefined =>
  niveaux.find((level) => !isDone(level));

/** True when nothing more will be sent. */
export const hasEnded = ({ statut }: Pick<State, 'statut'>): boolean =>
  statut === ACHEVEE || statut === SOLDEE || statut === ANNULEE;

/**
 * What an action makes of reminders. When every level was sent or left out, they have ended.
 * @returns the state itself where nothing changes: a payment of what is settled already, say
 * @throws {RpcError} FAILED_PRECONDITION for what cannot be done to reminders that have ended, or to a level twice
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
      // what is sent is no longer paused: the day until which it was has come
      return withLevel({ ...state, statut: EN_ATTENTE, pauseJusquAu: '' }, request.niveau, { envoyeeAt: at });
    case ActionRelance.MIGRATION:
      return { ...state, niveaux: request.niveaux ?? state.niveaux };
    default:
      return state;
  }
}

/** A level that was sent or left out stays what it is. */
function withLevel(state: State, niveau: number, changes: Partial<NiveauRelance>): State {
  const concerned = nextLevel(state);
  if (!concerned || (niveau !== 0 && niveau !== concerned.niveau)) {
    throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is not the one that comes next`);
  }
  const niveaux = state.niveaux.map((level) => (level === concerned ? { ...level, ...changes } : level));
  return { ...state, niveaux };
}

/** Levels not sent yet are still to be sent; where every one was, the last one is sent once more. */
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
