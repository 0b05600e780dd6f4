import { timestampDate } from '@bufbuild/protobuf/wkt';
import { useInfiniteQuery, useQuery } from '@connectrpc/connect-query';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { ChronologieService } from '../../gen/proto/activites/activites_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import type { LigneChronologie } from '../../gen/proto/chronologie/chronologie_pb.ts';
import { MotifRejetService } from '../../gen/proto/referentiel/referentiel_pb.ts';
import type { Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { weekday } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { KINDS, type Kind } from './kinds.ts';
import type { Look } from './route.ts';
import { TimelineEntry } from './timeline-entry.tsx';

const AT_ONCE = 50;
/** What others do is seen without a reload. */
const LOOK_EVERY_MS = 20_000;

type Props = {
  clientId: string;
  voir: Kind | undefined;
  /** One invoice alone, or its id as long as nobody knows it. */
  facture: Invoice | string | undefined;
  look: (changes: Look) => void;
};

/** What happened with a client, the newest first. */
export function Timeline({ clientId, voir, facture, look }: Props) {
  const m = useMessages();
  const invoiceId = typeof facture === 'string' ? facture : (facture?.id ?? '');
  const genres = voir ? [...KINDS[voir]] : [];
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(
      ChronologieService.method.list,
      { clientId, invoiceId, genres, pageSize: AT_ONCE, pageToken: '' },
      {
        ...BY_TOKEN,
        // of somebody who reads far down, the pages above stay as they are
        refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? LOOK_EVERY_MS : false),
      },
    );
  const known = useQuery(MotifRejetService.method.list, { pageSize: 200 }, { staleTime: Infinity });
  const reasons = new Map(known.data?.motifs.map(({ code, libelle }) => [code, libelle]));
  const pages = data?.pages ?? [];
  const lines = pages.flatMap((page) => page.lignes);
  const absent = [...new Set(pages.flatMap((page) => page.absents))];
  return (
    <section className="panel timeline" aria-label={m.client.chronologie}>
      <header>
        <h2>{m.client.chronologie}</h2>
      </header>
      <ToggleButtonGroup
        className="chips"
        aria-label={m.client.montrer}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[voir ?? TOUT]}
        onSelectionChange={([key]) => look({ voir: key === TOUT ? undefined : (key as Kind) })}
      >
        <ToggleButton id={TOUT}>{m.client.tout}</ToggleButton>
        {(Object.keys(KINDS) as Kind[]).map((kind) => (
          <ToggleButton key={kind} id={kind}>
            {m.client.sortes[kind]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {invoiceId && (
        <p className="only">
          {m.client.seulementFacture(typeof facture === 'string' ? '' : (facture?.numero ?? ''))}
          <Button className="button small" onPress={() => look({ facture: undefined })}>
            {m.client.toutesFactures}
          </Button>
        </p>
      )}
      {absent.length > 0 && (
        <div className="notice" role="status">
          <Icon name="stop" />
          <div>
            <p>{m.client.absents(absent.map((name) => m.client.services[name] ?? name).join(', '))}</p>
            <Button className="button small" onPress={() => void refetch()}>
              {m.reessayer}
            </Button>
          </div>
        </div>
      )}
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting lines={10} />
      ) : lines.length === 0 ? (
        <p className="empty">{voir || invoiceId ? m.client.rienDeTel : m.client.rienArrive}</p>
      ) : (
        days(lines).map(({ day, of }) => (
          <section key={day} aria-label={weekday(day)}>
            <h3 className="day-head">{dayAndYear(day)}</h3>
            <ol>
              {of.map((line) => (
                <TimelineEntry key={line.id} line={line} reasons={reasons} />
              ))}
            </ol>
          </section>
        ))
      )}
      {hasNextPage && (
        <Button className="button plain" onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {m.client.plusAncien}
        </Button>
      )}
    </section>
  );
}

const TOUT = 'tout';

const dayAndYear = (day: string): string => `${weekday(day)} ${day.slice(0, 4)}`;

function days(lines: LigneChronologie[]): { day: string; of: LigneChronologie[] }[] {
  const found: { day: string; of: LigneChronologie[] }[] = [];
  for (const line of lines) {
    const day = dayOf(timestampDate(line.instant!));
    const last = found.at(-1);
    if (last?.day === day) last.of.push(line);
    else found.push({ day, of: [line] });
  }
  return found;
}
