import type { CallOptions, Transport } from '@connectrpc/connect';
import { callUnaryMethod, createConnectQueryKey, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import {
  HistoriqueRelanceService,
  RelanceService,
  type Relance,
} from '../../gen/proto/relance/relance_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { DateField, ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { levelAfterNext } from './level-state.ts';

export type CommandName = 'pause' | 'reprise' | 'saut' | 'envoi' | 'annulation';

/** The service asks for a reason of these. */
const NEEDS_REASON: ReadonlySet<CommandName> = new Set(['pause', 'saut', 'annulation']);
const CALLS: Record<
  CommandName,
  (transport: Transport, given: Given, options: CallOptions) => Promise<Relance>
> = {
  pause: (transport, given, options) =>
    callUnaryMethod(transport, RelanceService.method.pause, given, options),
  reprise: (transport, { jusquAu: _, ...given }, options) =>
    callUnaryMethod(transport, RelanceService.method.resume, given, options),
  saut: (transport, { jusquAu: _, ...given }, options) =>
    callUnaryMethod(transport, RelanceService.method.skip, given, options),
  envoi: (transport, { jusquAu: _, ...given }, options) =>
    callUnaryMethod(transport, RelanceService.method.sendNow, given, options),
  annulation: (transport, { jusquAu: _, ...given }, options) =>
    callUnaryMethod(transport, RelanceService.method.cancel, given, options),
};

/** `versionAttendue`: what the person has seen; if it has changed since, the service refuses. */
type Given = { id: string; motif: string; jusquAu: string; versionAttendue?: number };
type Props = { command: CommandName; relance: Relance; close: () => void };

/** Asks for the reason of a command, says what it will change, and gives it. */
export function CommandDialog({ command, relance, close }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const readAgain = () =>
    Promise.all([
      queries.invalidateQueries({
        queryKey: createConnectQueryKey({
          schema: RelanceService.method.get,
          input: { id: relance.invoiceId },
          transport,
          cardinality: 'finite',
        }),
      }),
      queries.invalidateQueries({
        queryKey: createConnectQueryKey({
          schema: HistoriqueRelanceService.method.list,
          cardinality: 'infinite',
        }),
      }),
      queries.invalidateQueries({ queryKey: ['agenda'] }),
    ]);
  return (
    <FormDialog
      title={titleOf(command, relance, m)}
      effect={effectOf(command, relance, m)}
      button={m.commandes[command].bouton}
      isDanger={command === 'annulation'}
      done={m.commandes[command].fait}
      {...{ close, readAgain }}
      send={async (values, once) => {
        const { id, version } = relance;
        const given: Given = {
          ...{ id, motif: values.line('motif'), jusquAu: values.text('jusquAu') },
          ...(version > 0 && { versionAttendue: version }),
        };
        return await CALLS[command](transport, given, once(given));
      }}
    >
      {command === 'pause' && (
        <DateField name="jusquAu" label={m.commandes.jusquAu} help={m.commandes.jusquAuAide} from={today()} />
      )}
      <ReasonField autoFocus isRequired={NEEDS_REASON.has(command)} />
    </FormDialog>
  );
}

function titleOf(
  command: CommandName,
  { prochainNiveau }: Relance,
  m: ReturnType<typeof useMessages>,
): string {
  const { titre } = m.commandes[command];
  return typeof titre === 'string' ? titre : titre(prochainNiveau);
}

function effectOf(command: CommandName, relance: Relance, m: ReturnType<typeof useMessages>): string {
  const { effet } = m.commandes[command];
  return typeof effet === 'string' ? effet : effet(relance.prochainNiveau, levelAfterNext(relance));
}
