import { useTransport } from '@connectrpc/connect-query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Button, Dialog, Heading, Label, Modal, ModalOverlay, ProgressBar } from 'react-aria-components';
import { IssueCommande, type ResultatCommande } from '../../gen/proto/commandes/commandes_pb.ts';
import { amount, count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import { csv } from '../ui/csv.ts';
import { saveFile } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { DateField, ReasonField } from '../ui/fields.tsx';
import { Icon } from '../ui/icon.tsx';
import { RpcForm } from '../ui/rpc-form.tsx';
import { say } from '../ui/said.tsx';
import { DAYS, ENDS, tell, type BulkCommand } from './commands.ts';
import { parts, tellParts, type Part } from './in-parts.ts';
import { readIds } from './read-selection.ts';
import type { BulkSearch } from './route.ts';

const { FAITE, FAISABLE } = IssueCommande;
/** So many lines are shown; the file has all. */
const MOST_SHOWN = 200;

type Props = {
  command: BulkCommand;
  /** What was chosen, as it was shown. */
  suivis: ResultatCommande[];
  /** How many were listed. */
  listed: number;
  search: BulkSearch & { org: string };
  /** `isDone`: what was chosen has its results. */
  close: (isDone: boolean) => void;
};

/**
 * One thing for many: how many, how much and which before; one reason; then a result for each, and another try of what was
 * refused. Only what was shown is acted upon, in the version that was shown.
 */
export function BulkDialog({ command, suivis: chosen, listed, search, close }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const [suivis, setSuivis] = useState(chosen);
  const [answered, setAnswered] = useState(0);
  const [results, setResults] = useState<ResultatCommande[]>();
  const [isBusy, setBusy] = useState(false);
  const under = useRef<{ said: string; parts: Part[] }>(undefined);
  const words = m.lots.commandes[command];
  const day = DAYS[command];
  const end = () => {
    close(results !== undefined);
    // the list shows what has become of them
    if (results) void queries.invalidateQueries();
  };
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isKeyboardDismissDisabled={isBusy}
      onOpenChange={(isOpen) => !isOpen && end()}
    >
      <Modal className="modal wide">
        <Dialog className="dialog">
          <Heading slot="title">{words.titre(suivis.length, count(suivis.length))}</Heading>
          {results ? (
            <Results
              results={results}
              close={end}
              again={(refused) => {
                setSuivis(refused);
                setResults(undefined);
                setAnswered(0);
                under.current = undefined;
              }}
            />
          ) : (
            <>
              <p>{words.effet}</p>
              <Before command={command} suivis={suivis} listed={listed} search={search} />
              <RpcForm
                button={words.bouton}
                isDanger={ENDS.has(command)}
                cancel={end}
                busy={setBusy}
                done={(all: ResultatCommande[]) => m.lots.faites(all.filter(isDone).length, all.length)}
                sent={setResults}
                send={async (values) => {
                  const said = { motif: values.line('motif'), jour: values.text('jour'), simulation: false };
                  const text = JSON.stringify(said);
                  // after a failure the same command goes on with the parts that are left
                  if (under.current?.said !== text) under.current = { said: text, parts: parts(suivis) };
                  return await tellParts(
                    under.current.parts,
                    ({ suivis: of, key }) =>
                      tell(
                        transport,
                        command,
                        { ...said, cibles: of.map(toTarget) },
                        { headers: { 'idempotency-key': key } },
                      ),
                    setAnswered,
                  );
                }}
              >
                {day && (
                  <DateField
                    name="jour"
                    label={day === 'required' ? m.lots.nouveauJour : m.commandes.jusquAu}
                    {...(day === 'optional' && { help: m.commandes.jusquAuAide })}
                    from={daysAfter(today(), 1)}
                    isRequired={day === 'required'}
                  />
                )}
                <ReasonField isRequired autoFocus />
                {isBusy && (
                  <ProgressBar className="progress" value={answered} maxValue={suivis.length}>
                    <Label>{m.lots.avancement(count(answered), count(suivis.length))}</Label>
                    <progress value={answered} max={suivis.length} aria-hidden="true" />
                  </ProgressBar>
                )}
              </RpcForm>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** As it was shown: what has changed since is refused. */
const toTarget = ({ id, version }: ResultatCommande) => ({
  id,
  ...(version > 0 && { versionAttendue: version }),
});

const isDone = ({ issue }: ResultatCommande): boolean => issue === FAITE;

/** How many, how much and which; what would be refused, and whether the list has changed. */
function Before({ command, suivis, listed, search }: Omit<Props, 'close'>) {
  const m = useMessages();
  const transport = useTransport();
  const look = useQuery({
    queryKey: ['lots', 'avant', command, suivis.map(({ id, version }) => `${id}/${version}`)],
    queryFn: ({ signal }) =>
      tellParts(
        parts(suivis),
        (part) =>
          tell(
            transport,
            command,
            {
              ...{ cibles: part.suivis.map(toTarget), motif: m.lots.simulation, simulation: true },
              // a day that any would be moved to: which one is said below
              jour: DAYS[command] === 'required' ? daysAfter(today(), 7) : '',
            },
            { signal },
          ),
        () => {},
      ),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const now = useQuery({
    queryKey: ['lots', 'ids', JSON.stringify(search)],
    queryFn: ({ signal }) => readIds(transport, search, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const total = suivis.reduce((sum, { montant }) => sum + montant, 0n);
  const gone = now.data && suivis.filter(({ id }) => !now.data.has(id)).length;
  const isAll = suivis.length === listed;
  const more = now.data && isAll ? now.data.size + (gone ?? 0) - listed : 0;
  const refused = look.data?.filter(({ issue }) => issue !== FAISABLE) ?? [];
  return (
    <div className="before">
      <p>
        <strong>{m.lots.choisis(suivis.length, count(suivis.length))}</strong> · {amount(total)}
      </p>
      {(gone ?? 0) > 0 && <p className="notice">{m.lots.partis(gone!)}</p>}
      {more > 0 && <p className="notice">{m.lots.nouveaux(more)}</p>}
      {look.error ? (
        <Failure error={look.error} retry={look.refetch} />
      ) : look.isPending ? (
        <p className="quiet" role="status">
          {m.lots.regarde}
        </p>
      ) : (
        <p role="status">{m.lots.possibles(suivis.length - refused.length, refused.length)}</p>
      )}
      {refused.length > 0 && (
        <>
          <h3>{m.lots.seraientRefuses}</h3>
          <Lines results={refused} />
        </>
      )}
      <details>
        <summary>{m.lots.lesquels}</summary>
        <Lines results={suivis} />
      </details>
    </div>
  );
}

function Results({
  results,
  again,
  close,
}: {
  results: ResultatCommande[];
  again: (refused: ResultatCommande[]) => void;
  close: () => void;
}) {
  const m = useMessages();
  const refused = results.filter((one) => !isDone(one));
  const done = results.length - refused.length;
  const save = () => {
    const { facture, client, statut, montant } = m.lots.colonnes;
    const content = csv(
      [facture, client, montant, m.lots.resultat, statut, m.lots.pourquoi],
      results.map((one) => [
        ...[one.numeroFacture, one.client, one.montant, m.lots.issues[one.issue] ?? ''],
        ...[m.lots.statuts[one.statut] ?? one.statut, one.message],
      ]),
    );
    const name = `${m.lots.fichier}-${today()}.csv`;
    saveFile({ name, type: 'text/csv;charset=utf-8', content: [content] });
    say(m.telecharge(name));
  };
  return (
    <>
      <p className={refused.length > 0 ? 'notice' : ''} role="status">
        {m.lots.bilan(done, refused.length)}
      </p>
      {refused.length > 0 && <Lines results={refused} />}
      <div className="buttons">
        <Button className="button plain" onPress={save}>
          <Icon name="download" />
          {m.lots.enFichier}
        </Button>
        {refused.length > 0 && (
          <Button className="button" onPress={() => again(refused)}>
            {m.lots.reessayer(refused.length)}
          </Button>
        )}
        <Button className="button primary" onPress={close} autoFocus>
          {m.fermer}
        </Button>
      </div>
    </>
  );
}

/** A line for each, with its result if it has one. */
function Lines({ results }: { results: ResultatCommande[] }) {
  const m = useMessages();
  const hidden = results.length - MOST_SHOWN;
  return (
    // a region that scrolls can be reached by keyboard
    <div className="lines" tabIndex={0} role="region" aria-label={m.lots.lignes}>
      <ul>
        {results
          .slice(0, MOST_SHOWN)
          .map(({ id, cible, numeroFacture, client, montant, issue, raison, message }) => (
            <li key={id || cible}>
              <span className="what">{numeroFacture || m.lots.inconnue}</span>
              <span>{client}</span>
              <span className="amount">{amount(montant)}</span>
              {issue !== IssueCommande.ISSUE_COMMANDE_UNSPECIFIED &&
                issue !== FAISABLE &&
                issue !== FAITE && (
                  <span className="why">
                    <strong>{m.lots.issues[issue]}</strong>{' '}
                    {raison === 'VERSION'
                      ? message.replace(/^[^:]*: /, '')
                      : (m.erreurs.raisons[raison] ?? message)}
                  </span>
                )}
            </li>
          ))}
      </ul>
      {hidden > 0 && <p className="quiet">{m.lots.etAutres(count(hidden))}</p>}
    </div>
  );
}
