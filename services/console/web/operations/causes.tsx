import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { EtatHandler, OpsService, type Cause, type Outcome } from '../../gen/proto/ops/ops_pb.ts';
import { count, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { NOTHING } from '../ui/selection.ts';
import { Waiting } from '../ui/waiting.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import type { Decision } from './decision.ts';
import { LOOK_EVERY_MS } from './look-every-ms.ts';
import { Outcomes } from './outcomes.tsx';
import { keyOf } from './read-runs.ts';
import type { OperationsSearch } from './route.ts';
import { Runs } from './runs.tsx';

const route = getRouteApi('/frame/exploitation');

/** The failed and late handlers, a line a cause: decided about all at once, or about the runs that are chosen. */
export function Causes() {
  const m = useMessages();
  const { cause: opened }: OperationsSearch = route.useSearch();
  const navigate = route.useNavigate();
  const open = (cause: string | undefined) =>
    void navigate({ search: (cause ? { cause } : {}) as never, replace: true, resetScroll: false });
  const causes = useQuery(OpsService.method.listCauses, {}, { refetchInterval: LOOK_EVERY_MS });
  const [decision, decide] = useState<Decision>();
  const [outcomes, setOutcomes] = useState<{ decision: Decision; outcomes: Outcome[] }>();
  return (
    <section className="panel" aria-labelledby="echecs">
      <header>
        <h2 id="echecs">{m.exploitation.echecs.titre}</h2>
        {causes.data && causes.data.runs > 0 && (
          <p className="quiet">{m.exploitation.echecs.nombre(causes.data.runs, count(causes.data.runs))}</p>
        )}
      </header>
      {outcomes && <Outcomes {...outcomes} close={() => setOutcomes(undefined)} />}
      {causes.data?.tronque && <p className="notice">{m.exploitation.echecs.tronque}</p>}
      {causes.error && !causes.data ? (
        <Failure error={causes.error} retry={causes.refetch} />
      ) : !causes.data ? (
        <Waiting lines={3} />
      ) : causes.data.causes.length === 0 ? (
        <p className="empty">{m.exploitation.echecs.aucun}</p>
      ) : (
        <ul className="causes">
          {causes.data.causes.map((cause) => {
            const key = keyOf(cause);
            const isOpen = opened === key;
            return (
              <li key={key}>
                <Line
                  cause={cause}
                  isOpen={isOpen}
                  toggle={() => open(isOpen ? undefined : key)}
                  decide={(kind) => decide({ kind, cause, selection: { ...NOTHING, all: true } })}
                />
                {isOpen && (
                  <Runs cause={cause} decide={(kind, selection) => decide({ kind, cause, selection })} />
                )}
              </li>
            );
          })}
        </ul>
      )}
      {decision && (
        <DecideDialog
          decision={decision}
          close={() => decide(undefined)}
          decided={(known) => setOutcomes({ decision, outcomes: known })}
        />
      )}
    </section>
  );
}

type LineProps = {
  cause: Cause;
  isOpen: boolean;
  toggle: () => void;
  decide: (kind: Decision['kind']) => void;
};

function Line({ cause, isOpen, toggle, decide }: LineProps) {
  const m = useMessages();
  const { handler, type, etat, nombre, depuis, exemple } = cause;
  const what = m.exploitation.traitement(type, handler);
  const isLate = etat === EtatHandler.RETARD;
  return (
    <div className="cause">
      <div className="what">
        <h3>
          <span className={isLate ? 'mark warn' : 'mark bad'}>
            {isLate ? m.exploitation.echecs.retard : m.exploitation.echecs.echec}
          </span>
          {what}
          <span className="quiet">{m.exploitation.echecs.fois(nombre, count(nombre))}</span>
        </h3>
        <p className="reason">{cause.cause || exemple || m.exploitation.echecs.sansRaison}</p>
        {depuis && <p className="quiet hint">{m.exploitation.echecs.depuis(instant(depuis))}</p>}
      </div>
      <div className="actions">
        <Button
          className="button"
          aria-expanded={isOpen}
          aria-label={m.exploitation.echecs.voirAide(what)}
          onPress={toggle}
        >
          {isOpen ? m.exploitation.echecs.cacher : m.exploitation.echecs.voir}
        </Button>
        <Button
          className="button"
          aria-label={m.exploitation.echecs.abandonnerAide(what, nombre)}
          onPress={() => decide('skip')}
        >
          {m.exploitation.echecs.abandonner}
        </Button>
        <Button
          className="button primary"
          aria-label={m.exploitation.echecs.relancerAide(what, nombre)}
          onPress={() => decide('redrive')}
        >
          {m.exploitation.echecs.relancer}
        </Button>
      </div>
    </div>
  );
}
