import { ActionRelance, type EnvoiPrevu } from '@crm/proto/relance/relance';
import { applyAction, isDone, type State } from './apply-action.ts';
import { nextSend, type Surroundings } from './plan-next-send.ts';

/**
 * What is to come of running reminders, if nothing is paid and the client gets no other reminder. They are
 * computed one after the other by the same function as real plans. Without dates while a pause has no end.
 */
export async function comingSends(state: State, surroundings: Surroundings): Promise<EnvoiPrevu[]> {
  const envois: EnvoiPrevu[] = [];
  let left = state;
  let at = surroundings;
  for (;;) {
    const { prochainNiveau: niveau, prochaineAt } = await nextSend(left, at);
    if (niveau === 0) return envois;
    if (!prochaineAt) {
      const undated = left.niveaux.filter((level) => !isDone(level));
      return undated.map(({ niveau, modele, canal }) => ({ niveau, modele, canal, datePrevue: undefined }));
    }
    const { modele, canal } = left.niveaux.find((level) => level.niveau === niveau)!;
    envois.push({ niveau, modele, canal, datePrevue: prochaineAt });
    const sent = { action: ActionRelance.ENVOI, niveau, motif: '', pauseJusquAu: '' };
    left = applyAction(left, sent, prochaineAt);
    at = { ...surroundings, now: prochaineAt, lastSentAt: () => Promise.resolve(prochaineAt) };
  }
}
