import { EtatPoint, type Point, type Status } from '@crm/proto/ops/ops';
import { setTimeout as delay } from 'node:timers/promises';
import type { Probe } from './point.ts';

/** What does not answer within this time is away, so that the answer does not wait for it. */
const WITHIN_MS = 5_000;
/** How bad a state is, for the worst of all. */
const WEIGHT = {
  [EtatPoint.BON]: 0,
  [EtatPoint.ATTENTION]: 1,
  [EtatPoint.INCONNU]: 2,
  [EtatPoint.ALERTE]: 3,
};

/** Looks at everything at once. */
export const getStatus = (probes: Probe[]) => async (): Promise<Status> => {
  const points = await Promise.all(probes.map(look));
  const weights = points.map(({ etat }) => WEIGHT[etat as keyof typeof WEIGHT]);
  return { at: new Date(), etat: points[weights.indexOf(Math.max(...weights))]!.etat, points };
};

async function look({ cle, groupe, libelle, runbook = '', away, look }: Probe): Promise<Point> {
  const point = { cle, groupe, libelle, runbook, seuil: '', aide: '' };
  const stop = new AbortController();
  try {
    const late = delay(WITHIN_MS, undefined, { signal: stop.signal, ref: false }).then(() => {
      throw new Error(`pas de réponse en ${WITHIN_MS / 1_000} s`);
    });
    return { ...point, ...(await Promise.race([look(), late])) };
  } catch (error) {
    const valeur = away === EtatPoint.ALERTE ? 'ne répond pas' : 'on ne peut pas le savoir';
    return { ...point, etat: away, valeur, aide: (error as Error).message };
  } finally {
    stop.abort();
  }
}
