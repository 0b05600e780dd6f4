import { useInfiniteQuery } from '@connectrpc/connect-query';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { OpsService, type Cause, type Run } from '../../gen/proto/ops/ops_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { NOTHING, type Selection } from '../ui/selection.ts';
import { Table, type Column } from '../ui/table.tsx';
import type { Decision } from './decision.ts';
import { filterOf } from './read-runs.ts';

type Props = { cause: Cause; decide: (kind: Decision['kind'], selection: Selection) => void };

/** The runs of a cause, with what people know them by. */
export function Runs({ cause, decide }: Props) {
  const m = useMessages();
  const [chosen, choose] = useState<Selection>(NOTHING);
  const runs = useInfiniteQuery(
    OpsService.method.listRuns,
    { filtre: filterOf(cause), pageSize: 100, pageToken: '' },
    BY_TOKEN,
  );
  const columns = useMemo(
    (): Column<Run>[] => [
      {
        id: 'client',
        title: m.exploitation.runs.client,
        cell: ({ client, clientId }) =>
          clientId ? (
            <a className="link" href={`/clients/${clientId}`}>
              {client || m.exploitation.runs.inconnu}
            </a>
          ) : (
            '—'
          ),
      },
      {
        id: 'facture',
        title: m.exploitation.runs.facture,
        width: 130,
        cell: ({ facture }) => facture || '—',
      },
      {
        id: 'raison',
        title: m.exploitation.runs.raison,
        width: 340,
        cell: ({ handlers }) => handlers.find(({ handler }) => handler === cause.handler)?.raison || '—',
      },
      {
        id: 'depuis',
        title: m.exploitation.runs.depuis,
        width: 190,
        cell({ handlers }) {
          const depuis = handlers.find(({ handler }) => handler === cause.handler)?.depuis;
          return depuis ? instant(depuis) : '—';
        },
      },
      {
        id: 'lien',
        title: m.exploitation.runs.temporal,
        width: 110,
        cell: ({ url, workflowId }) =>
          url ? (
            <a
              className="link"
              href={url}
              target="_blank"
              rel="noreferrer"
              aria-label={m.exploitation.runs.ouvrirAide(workflowId)}
            >
              {m.exploitation.runs.ouvrir}
            </a>
          ) : (
            workflowId
          ),
      },
    ],
    [m, cause.handler],
  );
  return (
    <Table
      label={m.exploitation.traitement(cause.type, cause.handler)}
      columns={columns}
      rows={runs.data?.pages.flatMap((page) => page.runs) ?? []}
      idOf={({ workflowId }) => workflowId}
      nameOf={({ client, workflowId }) => client || workflowId}
      more={runs}
      selection={{
        chosen,
        change: choose,
        matching: cause.nombre,
        actions: (
          <>
            <Button className="button" onPress={() => decide('skip', chosen)}>
              {m.exploitation.echecs.abandonner}
            </Button>
            <Button className="button primary" onPress={() => decide('redrive', chosen)}>
              {m.exploitation.echecs.relancer}
            </Button>
          </>
        ),
      }}
      empty={m.exploitation.echecs.aucun}
    />
  );
}
