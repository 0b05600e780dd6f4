import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { CallOptions, Transport } from '@connectrpc/connect';
import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { RetryAdminService } from '../../gen/proto/retry/retry_pb.ts';
import {
  IssueCommande,
  type ResultatCommande,
  type ResultatsCommandes,
} from '../../gen/proto/commandes/commandes_pb.ts';
import { amount, count, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { say } from '../ui/said.tsx';
import { Table, type Column } from '../ui/table.tsx';

/** Something that runs, and what the rules in force would make of it. */
type Running = {
  id: string;
  version: number;
  facture: string;
  client: string;
  montant: bigint;
  avant: Timestamp | undefined;
  apres: Timestamp | undefined;
  changee: boolean;
  obstacle: string;
};

type Page = { running: Running[]; next: string; total: number };
type Cibles = { id: string; versionAttendue: number }[];

/** What runs by rules of one kind: how it is listed, and how it is moved. */
export type Moving = {
  list: (
    transport: Transport,
    of: { organisationId: string; pageToken: string },
    options: CallOptions,
  ) => Promise<Page>;
  move: (
    transport: Transport,
    said: { cibles: Cibles; motif: string },
    options: CallOptions,
  ) => Promise<ResultatsCommandes>;
};

const PAGE_SIZE = 200;
/** So many in one call that its progress is seen. */
const AT_ONCE = 40;
/** A call that ran out of time is repeated so often: it goes on with the others. */
const MOST_TRIES = 5;

export const REMINDERS: Moving = {
  async list(transport, of, options) {
    const answer = await callUnaryMethod(
      transport,
      RelanceService.method.previewMigration,
      { ...of, pageSize: PAGE_SIZE },
      options,
    );
    const running = answer.migrations.map((one) => ({
      ...{ id: one.relanceId, version: one.version, facture: one.numeroFacture, client: one.client },
      ...{ montant: one.restantDu, changee: one.changee, obstacle: one.obstacle },
      ...{ avant: one.avant[0]?.datePrevue, apres: one.apres[0]?.datePrevue },
    }));
    return { running, next: answer.nextPageToken, total: answer.total };
  },
  move: (transport, said, options) =>
    callUnaryMethod(transport, RelanceService.method.migrerMany, said, options),
};

export const RETRIES: Moving = {
  async list(transport, of, options) {
    const answer = await callUnaryMethod(
      transport,
      RetryAdminService.method.previewMigration,
      { ...of, pageSize: PAGE_SIZE },
      options,
    );
    const running = answer.migrations.map((one) => ({
      ...{ id: one.scheduleId, version: one.version, facture: one.numeroFacture, client: one.client },
      ...{ montant: one.montant, changee: one.changee, obstacle: one.obstacle },
      ...{ avant: one.avant[0]?.datePrevue, apres: one.apres[0]?.datePrevue },
    }));
    return { running, next: answer.nextPageToken, total: answer.total };
  },
  move: (transport, said, options) =>
    callUnaryMethod(transport, RetryAdminService.method.migrateMany, said, options),
};

type Props = {
  organisationId: string;
  moving: Moving;
  /** Recorded with each. */
  motif: string;
  /** Leaves what runs as it is, or ends. */
  close: () => void;
};

/** After rules were saved: what runs by the old ones is moved to them, or left as it is. */
export function Migration({ organisationId, moving, motif, close }: Props) {
  const m = useMessages();
  const words = m.regles.migration;
  const transport = useTransport();
  const [read, setRead] = useState({ seen: 0, total: 0 });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { data, error, refetch } = useQuery({
    queryKey: ['migration', organisationId, moving === REMINDERS],
    gcTime: 0,
    staleTime: Infinity,
    async queryFn({ signal }) {
      const all: Running[] = [];
      let pageToken = '';
      do {
        const page = await moving.list(transport, { organisationId, pageToken }, { signal });
        all.push(...page.running);
        pageToken = page.next;
        setRead({ seen: all.length, total: page.total });
      } while (pageToken);
      return all;
    },
  });
  const changed = useMemo(() => (data ?? []).filter(({ changee, obstacle }) => changee && !obstacle), [data]);
  const stuck = (data ?? []).filter(({ obstacle }) => obstacle).length;
  const move = useMove(moving, motif);
  return (
    <section className="panel migration" aria-labelledby="migration">
      <header>
        <h2 id="migration" ref={heading} tabIndex={-1}>
          {words.titre}
        </h2>
      </header>
      {error ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Progress label={words.lecture} done={read.seen} total={read.total} />
      ) : move.results ? (
        <Results results={move.results} close={close} />
      ) : (
        <>
          <p role="status">
            {changed.length > 0 ? words.concernees(changed.length, count(data.length)) : words.aucune}
            {stuck > 0 && ` ${words.impossibles(stuck)}`}
          </p>
          {changed.length > 0 && <ToMove running={changed} />}
          {move.isPending && <Progress label={words.enCours} done={move.done} total={changed.length} />}
          {move.error !== null && <Failure error={move.error} />}
          <div className="buttons">
            <Button className="button" onPress={close} isDisabled={move.isPending}>
              {changed.length > 0 ? words.laisser : m.fermer}
            </Button>
            {changed.length > 0 && (
              <Button
                className="button primary"
                isPending={move.isPending}
                onPress={() => move.start(changed)}
              >
                {move.error === null ? words.deplacer(changed.length) : words.continuer}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** Moves in parts; a part that failed is given again with its key, so nothing is done twice. */
function useMove(moving: Moving, motif: string) {
  const transport = useTransport();
  const m = useMessages();
  const parts = useRef(new Map<number, { key: string; results: ResultatCommande[] | undefined }>());
  const [done, setDone] = useState(0);
  const { mutate, data, error, isPending } = useMutation({
    async mutationFn(running: Running[]) {
      for (let at = 0; at < running.length; at += AT_ONCE) {
        const part = parts.current.get(at) ?? { key: crypto.randomUUID(), results: undefined };
        parts.current.set(at, part);
        const cibles = running
          .slice(at, at + AT_ONCE)
          .map(({ id, version: versionAttendue }) => ({ id, versionAttendue }));
        for (let tries = 0; !part.results; tries += 1) {
          const headers = { 'idempotency-key': part.key };
          const answer = await moving.move(transport, { cibles, motif }, { headers });
          if (answer.nonAtteintes === 0 || tries === MOST_TRIES) part.results = answer.resultats;
        }
        setDone(at + cibles.length);
      }
      return [...parts.current.values()].flatMap(({ results = [] }) => results);
    },
    onSuccess: (results) =>
      say(m.regles.migration.faites(results.filter(({ issue }) => issue === DONE).length)),
  });
  return { start: mutate, results: data, error, isPending, done };
}

const DONE = IssueCommande.FAITE;

function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div className="progress">
      <label>
        <span>
          {label} {total > 0 && `${count(done)} / ${count(total)}`}
        </span>
        <progress value={done} max={Math.max(total, 1)} />
      </label>
    </div>
  );
}

function ToMove({ running }: { running: Running[] }) {
  const m = useMessages();
  const words = m.regles.migration;
  const columns = useMemo(
    (): Column<Running>[] => [
      { id: 'facture', title: words.facture, cell: ({ facture }) => facture || '—', width: 130 },
      { id: 'client', title: words.client, cell: ({ client }) => client },
      {
        id: 'montant',
        title: words.montant,
        cell: ({ montant }) => amount(montant),
        isNumber: true,
        width: 120,
      },
      {
        id: 'avant',
        title: words.avant,
        cell: ({ avant }) => (avant ? instant(avant) : words.sansDate),
        width: 200,
      },
      {
        id: 'apres',
        title: words.apres,
        cell: ({ apres }) => (apres ? instant(apres) : words.plusRien),
        width: 200,
      },
    ],
    [words],
  );
  const rows = useMemo(
    () =>
      [...running].sort(
        (one, other) =>
          (one.apres ? +timestampDate(one.apres) : 0) - (other.apres ? +timestampDate(other.apres) : 0),
      ),
    [running],
  );
  return (
    <Table
      label={words.titre}
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      nameOf={({ facture }) => facture}
      empty={words.aucune}
    />
  );
}

function Results({ results, close }: { results: ResultatCommande[]; close: () => void }) {
  const m = useMessages();
  const words = m.regles.migration;
  const done = results.filter(({ issue }) => issue === DONE).length;
  const columns = useMemo(
    (): Column<ResultatCommande>[] => [
      { id: 'facture', title: words.facture, cell: ({ numeroFacture }) => numeroFacture || '—', width: 130 },
      { id: 'client', title: words.client, cell: ({ client }) => client },
      {
        id: 'issue',
        title: words.resultat,
        cell: ({ issue }) => (
          <span className={issue === DONE ? 'mark good' : 'mark bad'}>{words.issues[issue] ?? ''}</span>
        ),
        width: 150,
      },
      { id: 'message', title: words.message, cell: ({ message }) => message },
      {
        id: 'prochaine',
        title: words.prochaine,
        cell: ({ prochaineAt }) => (prochaineAt ? instant(prochaineAt) : '—'),
        width: 200,
      },
    ],
    [words],
  );
  // what was not done comes first: somebody has to look at it
  const rows = useMemo(
    () => [...results].sort((one, other) => Number(one.issue === DONE) - Number(other.issue === DONE)),
    [results],
  );
  return (
    <>
      <p role="status">
        <strong>{words.faites(done)}</strong>{' '}
        {results.length > done && words.pasFaites(results.length - done)}
      </p>
      <Table
        label={words.resultat}
        columns={columns}
        rows={rows}
        idOf={({ cible }) => cible}
        nameOf={({ numeroFacture }) => numeroFacture}
        empty={words.aucune}
      />
      <div className="buttons">
        <Button className="button" onPress={close}>
          {m.fermer}
        </Button>
      </div>
    </>
  );
}
