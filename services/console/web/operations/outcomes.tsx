import { Button } from 'react-aria-components';
import { Issue, type Outcome } from '../../gen/proto/ops/ops_pb.ts';
import { count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import type { Decision } from './decision.ts';

const ISSUES = [
  Issue.FAIT,
  Issue.ABANDONNE,
  Issue.RIEN_A_FAIRE,
  Issue.EN_COURS,
  Issue.ECHEC_ENCORE,
  Issue.NON_ATTEINT,
];
const SHOWN = 50;

/** What became of the runs of a decision: how many of each, and why of those that are not done. */
export function Outcomes({
  decision,
  outcomes,
  close,
}: {
  decision: Decision;
  outcomes: Outcome[];
  close: () => void;
}) {
  const m = useMessages();
  const left = outcomes.filter(({ issue }) =>
    [Issue.EN_COURS, Issue.ECHEC_ENCORE, Issue.NON_ATTEINT].includes(issue),
  );
  return (
    <section className="outcomes" role="status" aria-label={m.exploitation.issues.titre}>
      <h3>
        {m.exploitation.issues.de(m.exploitation.traitement(decision.cause.type, decision.cause.handler))}
      </h3>
      <ul className="counts">
        {ISSUES.map((issue) => {
          const many = outcomes.filter((outcome) => outcome.issue === issue).length;
          return many > 0 && <li key={issue}>{m.exploitation.issues.nombres[issue]?.(many, count(many))}</li>;
        })}
      </ul>
      {left.length > 0 && (
        <ul className="left">
          {left.slice(0, SHOWN).map(({ workflowId, issue, detail }) => (
            <li key={workflowId}>
              <span className={issue === Issue.EN_COURS ? 'mark warn' : 'mark bad'}>
                {m.exploitation.issues.mots[issue]}
              </span>{' '}
              {detail}
            </li>
          ))}
          {left.length > SHOWN && (
            <li className="quiet">{m.exploitation.issues.autres(left.length - SHOWN)}</li>
          )}
        </ul>
      )}
      <Button className="button" onPress={close}>
        {m.fermer}
      </Button>
    </section>
  );
}
