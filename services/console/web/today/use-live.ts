import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectQueryKey, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { TacheService } from '../../gen/proto/activites/activites_pb.ts';
import { AlertesService } from '../../gen/proto/dashboard/dashboard_pb.ts';
import { HistoriqueRelanceService, RelanceService } from '../../gen/proto/relance/relance_pb.ts';

/** A stream that has ended is opened again after this time. */
const AGAIN_MS = 5_000;
/** A page that nobody has touched for so long asks nothing: it would keep the session for ever. */
const ATTENDED_MS = 10 * 60_000;

/** What the page reads. */
const SHOWN = [
  createConnectQueryKey({ schema: RelanceService.method.agenda, cardinality: 'infinite' }),
  createConnectQueryKey({ schema: RelanceService.method.agendaParJour, cardinality: 'finite' }),
  createConnectQueryKey({ schema: TacheService.method.list, cardinality: 'infinite' }),
  createConnectQueryKey({ schema: HistoriqueRelanceService.method.list, cardinality: 'infinite' }),
  createConnectQueryKey({ schema: AlertesService.method.getAlertes, cardinality: 'finite' }),
];

/** Reads what the page shows again when something of it has changed, for as long as somebody is there. */
export function useLive(organisationId: string): void {
  const transport = useTransport();
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let touchedAt = Date.now();
    let touched = () => {};
    const touch = () => {
      touchedAt = Date.now();
      touched();
    };
    for (const event of ['pointerdown', 'keydown', 'focus'])
      window.addEventListener(event, touch, { capture: true, signal });
    const attended = async () => {
      if (Date.now() - touchedAt > ATTENDED_MS) await new Promise<void>((resolve) => (touched = resolve));
    };
    const refresh = () => {
      for (const queryKey of SHOWN) void queries.invalidateQueries({ queryKey });
    };
    const follow = async () => {
      const { watch } = createClient(RelanceService, transport);
      let isFirst = true;
      while (!signal.aborted) {
        await attended();
        try {
          for await (const _ of watch({ organisationId }, { signal })) {
            // the page has just been read; after a stream that broke nobody knows what has changed
            if (!isFirst) {
              await attended();
              refresh();
            }
            isFirst = false;
          }
        } catch (error) {
          if (ConnectError.from(error).code === Code.Unauthenticated) isFirst = false;
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    void follow();
    return () => stop.abort();
  }, [organisationId, transport, queries]);
}
