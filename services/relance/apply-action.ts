import { failedPrecondition } from '@crm/kit';
import { ActionRelance, CanalRelance, StatutRelance, type NiveauRelance } from '@crm/proto/relance/relance';

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
  /** 0: the first level that is not done. */
  niveau: number;
  motif: string;
  pauseJusquAu: string;
  /** For an ENVOI: the mail, and the other invoices' if it was one for several. */
  messageId?: string;
  envoiGroupeId?: string;
  /** For a MIGRATION or ECHEANCE_MODIFIEE: the levels by the other rules, or the other due date. */
  niveaux?: NiveauRelance[];
};

const { EN_ATTENTE, EN_PAUSE, ACHEVEE, SOLDEE, ANNULEE } = StatutRelance;

/** Whether a level was sent or skipped. */
export const isDone = ({ envoyeeAt, motifSaut }: NiveauRelance): boolean => Boolean(envoyeeAt || motifSaut);

/** Whether a level is a mail, and neither a call nor a letter. */
export const isMail = ({ canal }: Pick<NiveauRelance, 'canal'>): boolean =>
  canal !== CanalRelance.APPEL && canal !== CanalRelance.LETTRE;

/** The first level that is not done, if there is one. */
export const nextLevel = ({ niveaux }: Pick<State, 'niveaux'>): NiveauRelance | undefined =>
  niveaux.find((level) => !isDone(level));

/** The level that was planned as the next one to go out, if there is one. */
export const plannedLevel = ({
  niveaux,
  prochainNiveau,
}: {
  niveaux: NiveauRelance[];
  prochainNiveau: number;
}): NiveauRelance | undefined => niveaux.find(({ niveau }) => niveau === prochainNiveau);

/** The states of reminders with something to send. */
export const RUNNING = [EN_ATTENTE, EN_PAUSE];

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
      return withLevel(state, request.niveau, { dueAt: at, demandee: true });
    case ActionRelance.SAUT:
      return withLevel(state, request.niveau, { motifSaut: request.motif || 'sans raison' });
    case ActionRelance.ENVOI:
      return sent(state, request, at);
    case ActionRelance.TACHE_RELANCE: {
      const level = concerned(state, request.niveau);
      if (level && !isMail(level)) return sent(state, request, at);
      return withLevel(state, request.niveau, { motifSaut: request.motif || 'sans raison' });
    }
    case ActionRelance.MIGRATION:
    case ActionRelance.ECHEANCE_MODIFIEE:
      return { ...state, niveaux: request.niveaux ?? state.niveaux };
    default:
      return state;
  }
}

const sent = (state: State, { niveau, messageId = '', envoiGroupeId = '' }: Action, at: Date): State =>
  // a reminder that is sent is no longer paused: the last day of the pause has come
  withLevel({ ...state, statut: EN_ATTENTE, pauseJusquAu: '' }, niveau, {
    ...{ envoyeeAt: at, messageId, envoiGroupeId },
  });

/** The level that an action is about: 0 is the first that is not done. */
const concerned = ({ niveaux }: State, niveau: number): NiveauRelance | undefined =>
  niveaux.find((level) => !isDone(level) && (niveau === 0 || level.niveau === niveau));

/** A level that was sent or skipped does not change. Open levels before the given one are passed over. */
function withLevel(state: State, niveau: number, changes: Partial<NiveauRelance>): State {
  const changed = concerned(state, niveau);
  if (!changed) {
    throw failedPrecondition('RELANCE_NIVEAU', `level ${niveau} is none that is to come`);
  }
  const motifSaut = `dépassé par le niveau ${changed.niveau}, dû lui aussi`;
  const niveaux = state.niveaux.map((level) => {
    if (level === changed) return { ...level, ...changes };
    return level.niveau < changed.niveau && !isDone(level) ? { ...level, motifSaut } : level;
  });
  return { ...state, niveaux };
}

const NOT_SENT = { envoyeeAt: undefined, messageId: '', envoiGroupeId: '' };

/** Levels that were not sent are to be sent again; if all were sent, the last one is sent once more. */
function rearm(state: State): State {
  const last = state.niveaux.length - 1;
  const niveaux = nextLevel(state)
    ? state.niveaux
    : state.niveaux.map((level, index) =>
        index === last ? { ...level, ...NOT_SENT, motifSaut: '', demandee: false } : level,
      );
  return { ...state, niveaux, statut: EN_ATTENTE, motifFin: '', cycle: state.cycle + 1 };
}

const achieved = (state: State): State =>
  hasEnded(state) || nextLevel(state)
    ? state
    : { ...state, statut: ACHEVEE, pauseJusquAu: '', motifFin: 'dernier niveau traité' };
