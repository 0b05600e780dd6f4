import { callUnaryMethod, useInfiniteQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import {
  OpsService,
  type DeadLetter,
  type DecideDeadLettersResponse,
  type SortDeadLetter,
} from '../../gen/proto/ops/ops_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { NOTHING, type Selection } from '../ui/selection.ts';
import { Table, type Column } from '../ui/table.tsx';

type Kind = 'redriveDeadLetters' | 'discardDeadLetters';

/** The messages that could not become a workflow. */
export function DeadLetters() {
  const m = useMessages();
  const words = m.exploitation.messages;
  const [chosen, choose] = useState<Selection>(NOTHING);
  const [kind, decide] = useState<Kind>();
  const [refused, setRefused] = useState<SortDeadLetter[]>([]);
  const letters = useInfiniteQuery(
    OpsService.method.listDeadLetters,
    { toutes: false, pageSize: 100, pageToken: '' },
    BY_TOKEN,
  );
  const rows = letters.data?.pages.flatMap((page) => page.deadLetters) ?? [];
  const columns = useMemo(
    (): Column<DeadLetter>[] => [
      { id: 'sujet', title: words.sujet, width: 220, cell: ({ sujet }) => sujet },
      { id: 'raison', title: words.raison, cell: ({ raison }) => raison },
      {
        id: 'recue',
        title: words.recu,
        width: 190,
        cell: ({ recueAt }) => (recueAt ? instant(recueAt) : '—'),
      },
      {
        id: 'contenu',
        title: words.contenu,
        width: 260,
        cell: ({ evenement, octets }) => <code className="bytes">{evenement || octets}</code>,
      },
    ],
    [words],
  );
  return (
    <section className="panel" aria-labelledby="messages">
      <header>
        <h2 id="messages">{words.titre}</h2>
      </header>
      {refused.length > 0 && (
        <div className="notice" role="status">
          <ul>
            {refused.map(({ id, detail }) => (
              <li key={id}>{detail}</li>
            ))}
          </ul>
        </div>
      )}
      {letters.error && !letters.data ? (
        <Failure error={letters.error} retry={letters.refetch} />
      ) : (
        <Table
          label={words.titre}
          columns={columns}
          rows={rows}
          idOf={({ id }) => id}
          nameOf={({ sujet, recueAt }) => `${sujet} ${recueAt ? instant(recueAt) : ''}`}
          more={letters}
          selection={{
            chosen,
            change: choose,
            actions: (
              <>
                <Button className="button" onPress={() => decide('discardDeadLetters')}>
                  {words.discardDeadLetters.bouton}
                </Button>
                <Button className="button primary" onPress={() => decide('redriveDeadLetters')}>
                  {words.redriveDeadLetters.bouton}
                </Button>
              </>
            ),
          }}
          empty={words.aucun}
        />
      )}
      {kind && (
        <DecideLetters
          kind={kind}
          ids={[...chosen.ids]}
          close={() => decide(undefined)}
          decided={(sorts) => {
            choose(NOTHING);
            setRefused(sorts.filter(({ fait }) => !fait));
          }}
        />
      )}
    </section>
  );
}

type Decided = { kind: Kind; ids: string[]; close: () => void; decided: (sorts: SortDeadLetter[]) => void };

function DecideLetters({ kind, ids, close, decided }: Decided) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const words = m.exploitation.messages[kind];
  return (
    <FormDialog<DecideDeadLettersResponse>
      title={words.titre(ids.length)}
      effect={words.effet}
      button={words.bouton}
      isDanger={kind === 'discardDeadLetters'}
      done={({ resultats }) => words.fait(resultats.filter(({ fait }) => fait).length, ids.length)}
      close={close}
      send={(values) =>
        callUnaryMethod(transport, OpsService.method[kind], { ids, motif: values.text('motif') })
      }
      sent={({ resultats }) => decided(resultats)}
      readAgain={() => queries.invalidateQueries()}
    >
      <ReasonField isRequired autoFocus />
    </FormDialog>
  );
}
