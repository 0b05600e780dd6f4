import type { CallOptions, Transport } from '@connectrpc/connect';
import { callUnaryMethod, createConnectQueryKey, useTransport } from '@connectrpc/connect-query';
import { getLocalTimeZone, today, type CalendarDate } from '@internationalized/date';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Form,
  Group,
  Heading,
  Label,
  Modal,
  ModalOverlay,
  Popover,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import {
  HistoriqueRelanceService,
  RelanceService,
  type Relance,
} from '../../gen/proto/relance/relance_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { say } from '../ui/said.tsx';
import { levelAfterNext } from './level-state.ts';

export type CommandName = 'pause' | 'reprise' | 'saut' | 'envoi' | 'annulation';

const MOTIF_MAX = 500;
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
  // the same again, after a broken connection, is the same command
  const [keys] = useState(() => new Map<string, string>());
  const [until, setUntil] = useState<CalendarDate | null>(null);
  const [isMissing, setMissing] = useState(false);
  const words = m.commandes[command];
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
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (motif: string) => {
      const { id, version } = relance;
      const given: Given = {
        ...{ id, motif, jusquAu: until?.toString() ?? '' },
        ...(version > 0 && { versionAttendue: version }),
      };
      const body = JSON.stringify(given);
      if (!keys.has(body)) keys.set(body, crypto.randomUUID());
      return await CALLS[command](transport, given, { headers: { 'idempotency-key': keys.get(body)! } });
    },
    async onSuccess() {
      say(words.fait);
      close();
      await readAgain();
    },
    onError: () => readAgain(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('motif');
    const motif = typeof given === 'string' ? given.replace(/\s+/g, ' ').trim() : '';
    const missing = NEEDS_REASON.has(command) && !motif;
    setMissing(missing);
    if (!missing) mutate(motif);
  };
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={!isPending}
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{titleOf(command, relance, m)}</Heading>
          <p>{effectOf(command, relance, m)}</p>
          <Form
            className="form"
            onSubmit={submit}
            validationBehavior="aria"
            validationErrors={isMissing ? { motif: m.commandes.motifManque } : {}}
          >
            {command === 'pause' && <Until value={until} change={setUntil} />}
            <TextField
              name="motif"
              className="field"
              maxLength={MOTIF_MAX}
              autoFocus
              onChange={() => setMissing(false)}
              isRequired={NEEDS_REASON.has(command)}
            >
              <Label>{NEEDS_REASON.has(command) ? m.commandes.motif : m.commandes.motifFacultatif}</Label>
              <TextArea className="input" rows={3} />
              <Text slot="description" className="quiet">
                {m.commandes.motifAide}
              </Text>
              <FieldError className="fault" />
            </TextField>
            {error && <Failure error={error} />}
            <div className="buttons">
              <Button className="button" onPress={close} isDisabled={isPending}>
                {m.annuler}
              </Button>
              <Button
                type="submit"
                className={command === 'annulation' ? 'button primary danger' : 'button primary'}
                isPending={isPending}
              >
                {isPending ? m.commandes.enCours : words.bouton}
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Until({
  value,
  change,
}: {
  value: CalendarDate | null;
  change: (date: CalendarDate | null) => void;
}) {
  const m = useMessages();
  return (
    <DatePicker className="field" value={value} onChange={change} minValue={today(getLocalTimeZone())}>
      <Label>{m.commandes.jusquAu}</Label>
      <Group className="combo">
        <DateInput className="input">{(segment) => <DateSegment segment={segment} />}</DateInput>
        <Button>
          <Icon name="down" />
        </Button>
      </Group>
      <Text slot="description" className="quiet">
        {m.commandes.jusquAuAide}
      </Text>
      <FieldError className="fault" />
      <Popover className="popover">
        <Dialog className="calendar">
          <Calendar>
            <header>
              <Button slot="previous" className="turn back">
                <Icon name="right" />
              </Button>
              <Heading />
              <Button slot="next" className="turn">
                <Icon name="right" />
              </Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>
                {(name) => <CalendarHeaderCell>{name}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
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
