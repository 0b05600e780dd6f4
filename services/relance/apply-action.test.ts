import { RpcError } from '@crm/kit';
import { ActionRelance, NiveauRelance, StatutRelance } from '@crm/proto/relance/relance';
import { applyAction, nextLevel, type Action, type State } from './apply-action.ts';

const AT = new Date('2026-06-12T08:00:00Z');
const fresh = (levels = 2): State => ({
  statut: StatutRelance.EN_ATTENTE,
  niveaux: Array.from({ length: levels }, (_, index) =>
    NiveauRelance.fromPartial({ niveau: index + 1, dueAt: new Date('2026-07-01T07:00:00Z') }),
  ),
  pauseJusquAu: '',
  motifFin: '',
  cycle: 1,
});
const act = (state: State, action: ActionRelance, more: Partial<Action> = {}) =>
  applyAction(state, { action, niveau: 0, motif: 'parce que', pauseJusquAu: '', ...more }, AT);
const refusal = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as RpcError).message;
  }
  return 'not refused';
};

test('levels come one after the other, and the last one ends it', () => {
  const one = act(fresh(), ActionRelance.ENVOI, { niveau: 1 });
  expect(nextLevel(one)!.niveau).toBe(2);
  expect(one.niveaux[0]!.envoyeeAt).toEqual(AT);
  const two = act(one, ActionRelance.SAUT);
  expect(two).toMatchObject({ statut: 'ACHEVEE', motifFin: 'dernier niveau traité' });
  expect(two.niveaux[1]!.motifSaut).toBe('parce que');
});

test('what is done to a level passes over those before it, and says so', () => {
  for (const action of [ActionRelance.ENVOI, ActionRelance.SAUT, ActionRelance.ENVOI_DEMANDE]) {
    const [first, second] = act(fresh(3), action, { niveau: 2 }).niveaux;
    expect(first).toMatchObject({ motifSaut: 'dépassé par le niveau 2, dû lui aussi', envoyeeAt: undefined });
    expect(second!.motifSaut).toBe(action === ActionRelance.SAUT ? 'parce que' : '');
  }
  const sent = act(fresh(3), ActionRelance.ENVOI, { niveau: 1 });
  expect(act(sent, ActionRelance.ENVOI, { niveau: 3 }).niveaux.map(({ motifSaut }) => motifSaut)).toEqual([
    '',
    'dépassé par le niveau 3, dû lui aussi',
    '',
  ]);
});

test('a level is not sent twice, and nothing is done to what has ended', () => {
  const sent = act(fresh(), ActionRelance.ENVOI, { niveau: 1 });
  expect(refusal(() => act(sent, ActionRelance.ENVOI, { niveau: 1 }))).toContain('none that is to come');
  const cancelled = act(sent, ActionRelance.ANNULATION);
  expect(cancelled).toMatchObject({ statut: 'ANNULEE', motifFin: 'parce que' });
  for (const action of [ActionRelance.PAUSE, ActionRelance.ENVOI, ActionRelance.ENVOI_DEMANDE]) {
    expect(refusal(() => act(cancelled, action))).toContain('have ended');
  }
  expect(act(cancelled, ActionRelance.SOLDE)).toBe(cancelled);
  expect(act(cancelled, ActionRelance.REARMEMENT)).toBe(cancelled);
});

test('a send that is asked for is due now; a sent one ends the pause it came after', () => {
  const asked = nextLevel(act(fresh(), ActionRelance.ENVOI_DEMANDE))!;
  expect(asked).toMatchObject({ dueAt: AT, demandee: true });
  const paused = act(fresh(), ActionRelance.PAUSE, { pauseJusquAu: '2026-06-12' });
  expect(paused).toMatchObject({ statut: 'EN_PAUSE', pauseJusquAu: '2026-06-12' });
  const resumed = { statut: 'EN_ATTENTE', pauseJusquAu: '' };
  expect(act(paused, ActionRelance.REPRISE)).toMatchObject(resumed);
  expect(act(paused, ActionRelance.ENVOI)).toMatchObject(resumed);
});

test('a payment that is returned takes up what was not sent, or the last level once more', () => {
  const early = act(act(fresh(), ActionRelance.ENVOI), ActionRelance.SOLDE);
  expect(early.statut).toBe('SOLDEE');
  const again = act(early, ActionRelance.REARMEMENT);
  expect(again).toMatchObject({ statut: 'EN_ATTENTE', motifFin: '', cycle: 2 });
  expect(nextLevel(again)!.niveau).toBe(2);
  const late = act(act(act(fresh(), ActionRelance.ENVOI), ActionRelance.ENVOI), ActionRelance.SOLDE);
  expect(nextLevel(late)).toBeUndefined();
  const once = act(late, ActionRelance.REARMEMENT);
  expect(nextLevel(once)!.niveau).toBe(2);
  expect(once.niveaux[0]!.envoyeeAt).toEqual(AT);
  // it was not settled, so nothing is due again
  const open = act(fresh(), ActionRelance.ENVOI);
  expect(act(open, ActionRelance.REARMEMENT)).toBe(open);
});
