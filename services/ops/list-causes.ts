import { EtatHandler, type Cause, type ListCausesRequest, type ListCausesResponse } from '@crm/proto/ops/ops';
import { failedRuns, MOST_RUNS } from './failed-runs.ts';
import type { Temporal } from './temporal.ts';

/** Groups failed and late handlers by what they have in common. */
export const listCauses =
  (temporal: Temporal) =>
  async ({ filtre }: ListCausesRequest): Promise<ListCausesResponse> =>
    await temporal(async ({ workflow }) => {
      const causes = new Map<string, Cause & { depuis: Date; dernier: Date }>();
      let runs = 0;
      let tronque = false;
      for await (const { type, handlers } of failedRuns(workflow, filtre)) {
        if (runs === MOST_RUNS) {
          tronque = true;
          break;
        }
        runs += 1;
        for (const { handler, etat, cause, reason, since } of handlers) {
          const key = JSON.stringify([type, handler, etat, cause]);
          const seen = causes.get(key);
          if (!seen) {
            const first = { nombre: 1, depuis: since, dernier: since, exemple: reason };
            causes.set(key, { type, handler, etat, cause, ...first });
            continue;
          }
          seen.nombre += 1;
          if (since < seen.depuis) seen.depuis = since;
          if (since > seen.dernier) seen.dernier = since;
        }
      }
      const rank = ({ etat }: Cause) => (etat === EtatHandler.ECHEC ? 0 : 1);
      const sorted = [...causes.values()].sort(
        (one, other) => rank(one) - rank(other) || other.nombre - one.nombre,
      );
      return { causes: sorted, runs, tronque };
    });
