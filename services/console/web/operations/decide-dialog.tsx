import { createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Issue, OpsService, type Outcome } from '../../gen/proto/ops/ops_pb.ts';
import { count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { Decision } from './decision.ts';
import { keyOf, readChosen } from './read-runs.ts';

type Props = { decision: Decision; close: () => void; decided: (outcomes: Outcome[]) => void };

/** As many runs as one call takes. */
const AT_ONCE = 500;

/** Says how many runs are meant, asks why, and shows how far it is. */
export function DecideDialog({ decision, close, decided }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const [known, setKnown] = useState(0);
  const { kind, cause, selection } = decision;
  const words = m.exploitation.decisions[kind];
  const chosen = useQuery({
    queryKey: ['runs of a decision', keyOf(cause), selection.all, [...selection.ids]],
    queryFn: ({ signal }) => readChosen(transport, cause, selection, signal),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnMount: 'always',
  });
  const title = words.titre(m.exploitation.traitement(cause.type, cause.handler));
  if (!chosen.data || chosen.isFetching)
    return (
      <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">{title}</Heading>
            {chosen.error ? <Failure error={chosen.error} retry={chosen.refetch} /> : <Waiting lines={3} />}
          </Dialog>
        </Modal>
      </ModalOverlay>
    );
  const ids = chosen.data;
  return (
    <FormDialog
      title={title}
      effect={
        <>
          <p>
            <strong>{m.exploitation.decisions.combien(ids.length, count(ids.length))}</strong> {words.effet}
          </p>
          {known > 0 && (
            <p role="status">{m.exploitation.decisions.avance(count(known), count(ids.length))}</p>
          )}
        </>
      }
      button={words.bouton}
      isDanger={kind === 'skip'}
      done={(outcomes) =>
        m.exploitation.decisions.fait(outcomes.filter(({ issue }) => isDone(issue)).length, outcomes.length)
      }
      close={close}
      send={async (values) => {
        const ops = createClient(OpsService, transport);
        const motif = values.text('motif');
        const outcomes: Outcome[] = [];
        for (let at = 0; at < ids.length; at += AT_ONCE) {
          const request = { workflowIds: ids.slice(at, at + AT_ONCE), handlers: [cause.handler], motif };
          for await (const outcome of ops[kind](request)) {
            outcomes.push(outcome);
            setKnown(outcomes.length);
          }
        }
        return outcomes;
      }}
      sent={decided}
      readAgain={() => queries.invalidateQueries()}
    >
      <ReasonField isRequired autoFocus />
    </FormDialog>
  );
}

/** What counts as done: not what still fails, nor what is still tried. */
const isDone = (issue: Issue): boolean =>
  issue === Issue.FAIT || issue === Issue.ABANDONNE || issue === Issue.RIEN_A_FAIRE;
