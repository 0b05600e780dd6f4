import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions, Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RelanceService, type Relance } from '../../gen/proto/relance/relance_pb.ts';
import { day, instant } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, daysAfter, today } from '../paris-day.ts';
import { DateField, ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { levelAfterNext } from './level-state.ts';
import { MigrationEffect } from './migration-effect.tsx';
import { NextSend } from './next-send.tsx';

export type CommandName = 'pause' | 'reprise' | 'saut' | 'envoi' | 'regles' | 'annulation';

/** `versionAttendue`: what the person has seen; if it has changed since, the service refuses. */
type Given = { id: string; motif: string; versionAttendue?: number };

/** The service asks for a reason of these. */
const NEEDS_REASON: ReadonlySet<CommandName> = new Set(['pause', 'saut', 'regles', 'annulation']);
const { pause, resume, skip, sendNow, migrer, cancel } = RelanceService.method;
const CALLS: Record<
  CommandName,
  (transport: Transport, given: Given & { jusquAu: string }, options: CallOptions) => Promise<Relance>
> = {
  pause: (transport, given, options) => callUnaryMethod(transport, pause, given, options),
  reprise: (transport, given, options) => callUnaryMethod(transport, resume, without(given), options),
  saut: (transport, given, options) => callUnaryMethod(transport, skip, without(given), options),
  envoi: (transport, given, options) => callUnaryMethod(transport, sendNow, without(given), options),
  regles: (transport, given, options) => callUnaryMethod(transport, migrer, without(given), options),
  annulation: (transport, given, options) => callUnaryMethod(transport, cancel, without(given), options),
};
const without = ({ jusquAu: _, ...given }: Given & { jusquAu: string }): Given => given;

type Props = { command: CommandName; relance: Relance; close: () => void };

/** Asks for the reason of a command, says what it will change, and gives it. */
export function CommandDialog({ command, relance, close }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const words = m.commandes[command];
  const isReasonNeeded = NEEDS_REASON.has(command);
  return (
    <FormDialog
      title={titleOf(command, relance, m)}
      effect={effectOf(command, relance, m)}
      isWide={command === 'envoi' || command === 'regles'}
      button={words.bouton}
      isDanger={command === 'annulation'}
      done={words.fait}
      close={close}
      send={async (values, once) => {
        const { id, version } = relance;
        const given = {
          ...{ id, motif: values.line('motif'), jusquAu: values.text('jusquAu') },
          ...(version > 0 && { versionAttendue: version }),
        };
        return await CALLS[command](transport, given, once(given));
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      {command === 'pause' && (
        <DateField
          name="jusquAu"
          label={m.commandes.jusquAu}
          help={m.commandes.jusquAuAide}
          from={daysAfter(today(), 1)}
        />
      )}
      <ReasonField isRequired={isReasonNeeded} autoFocus />
    </FormDialog>
  );
}

function titleOf(command: CommandName, { prochainNiveau }: Relance, m: Messages): string {
  const { titre } = m.commandes[command];
  return typeof titre === 'string' ? titre : titre(prochainNiveau);
}

function effectOf(command: CommandName, relance: Relance, m: Messages): ReactNode {
  const { prochainNiveau, prochaineAt, invoiceId } = relance;
  switch (command) {
    case 'envoi':
      return (
        <>
          <p>{m.commandes.envoi.effet}</p>
          <NextSend invoiceId={invoiceId} />
        </>
      );
    case 'regles':
      return (
        <>
          <p>{m.commandes.regles.effet}</p>
          <MigrationEffect invoiceId={invoiceId} />
        </>
      );
    case 'saut': {
      const after = levelAfterNext(relance);
      const due = after?.dueAt && day(dayOf(timestampDate(after.dueAt)));
      return m.commandes.saut.effet(prochainNiveau, after?.niveau, due);
    }
    case 'pause':
      return m.commandes.pause.effet(prochainNiveau, prochaineAt && instant(prochaineAt));
    case 'annulation':
      return m.commandes.annulation.effet(relance.niveaux.filter(isOpen).map(({ niveau }) => niveau));
    case 'reprise':
      return m.commandes.reprise.effet;
  }
}

const isOpen = ({ envoyeeAt, motifSaut }: Relance['niveaux'][number]): boolean => !envoyeeAt && !motifSaut;
