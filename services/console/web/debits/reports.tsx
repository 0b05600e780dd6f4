import { useInfiniteQuery } from '@connectrpc/connect-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button, DropZone, FileTrigger, Text, type FileDropItem } from 'react-aria-components';
import {
  CanalRapport,
  PaymentService,
  StatutRapport,
  type RapportBancaire,
} from '../../gen/proto/payments/payments_pb.ts';
import { useAuthorName } from '../clients.ts';
import { inWords } from '../errors.ts';
import { instant } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Lines } from './cells.tsx';
import { motifInWords } from './motif-in-words.ts';
import { MOST_MB, useImportQueue, type Queued } from './import-queue.ts';
import { PAGING } from './paging.ts';

const route = getRouteApi('/frame/prelevements/rapports');
const STATES = [
  StatutRapport.IMPORTE,
  StatutRapport.REFUSE,
  StatutRapport.EN_COURS,
  StatutRapport.EN_LECTURE,
];

/** Where files of the bank are dropped, and all that came. */
export function Reports() {
  const m = useMessages();
  return (
    <>
      <DropPart />
      <section aria-label={m.prelevements.rapports.liste}>
        <ReportList />
      </section>
    </>
  );
}

function DropPart() {
  const m = useMessages();
  const words = m.prelevements.rapports;
  const { queue, add, again, clear } = useImportQueue();
  return (
    <div className="drop-part">
      <DropZone
        className="drop-zone"
        aria-label={words.deposer}
        onDrop={({ items }) => {
          const files = items.filter((item): item is FileDropItem => item.kind === 'file');
          void Promise.all(files.map((item) => item.getFile())).then(add);
        }}
      >
        <Text slot="label">{words.deposer}</Text>
        <span className="quiet">{words.ou}</span>
        <FileTrigger
          allowsMultiple
          acceptedFileTypes={['.xml', '.zip', '.txt', 'text/xml', 'application/xml', 'application/zip']}
          onSelect={(files) => add([...(files ?? [])])}
        >
          <Button className="button primary">{words.choisir}</Button>
        </FileTrigger>
        <p className="quiet hint">{words.aide}</p>
      </DropZone>
      {queue.length > 0 && (
        <section className="panel dropped" aria-label={words.file}>
          <header>
            <h2>{words.file}</h2>
            <Button className="button plain" onPress={clear}>
              {words.effacer}
            </Button>
          </header>
          <ul aria-live="polite">
            {queue.map((one) => (
              <Dropped key={one.id} one={one} again={() => again(one)} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Dropped({ one, again }: { one: Queued; again: () => void }) {
  const m = useMessages();
  const words = m.prelevements.rapports;
  return (
    <li className={one.state}>
      <p className="what">{one.file.name}</p>
      {one.state === 'waiting' && <p className="quiet">{words.attente}</p>}
      {one.state === 'sending' && (
        <p className="quiet">
          <progress aria-label={one.file.name} /> {words.envoi}
        </p>
      )}
      {one.state === 'empty' && <p className="fault">{words.vide}</p>}
      {one.state === 'tooLarge' && <p className="fault">{words.trop(String(MOST_MB))}</p>}
      {one.state === 'failed' && (
        <>
          <p className="fault">
            <strong>{words.refuse}</strong> :{' '}
            {motifInWords(inWords(one.error, m).text, m.prelevements.lignes.pourquoi)}
          </p>
          <Button className="button" onPress={again}>
            {words.reessayer}
          </Button>
        </>
      )}
      {one.state === 'done' && (
        <>
          <p>
            {one.answer.dejaImporte && <strong>{words.dejaImporte}. </strong>}
            {resultOf(one.answer, m)}
          </p>
          {one.answer.inconnus > 0 &&
            one.answer.rapportIds.map((rapport) => (
              <Link key={rapport} className="button primary" to="/prelevements/lignes" search={{ rapport }}>
                {words.clore(one.answer.inconnus)}
                <Icon name="right" />
              </Link>
            ))}
        </>
      )}
    </li>
  );
}

type Counts = Pick<
  RapportBancaire,
  'confirmes' | 'rejetes' | 'inconnus' | 'frais' | 'informations' | 'autres' | 'closes'
>;

/** What the lines of a report have become. */
function resultOf(
  { confirmes, rejetes, inconnus, frais, informations, autres, closes }: Counts,
  { prelevements: { rapports: words } }: Messages,
): string {
  const parts = [
    confirmes > 0 && words.confirmes(confirmes),
    rejetes > 0 && words.rejetes(rejetes),
    inconnus > 0 && words.inconnues(inconnus),
    frais > 0 && words.frais(frais),
    closes > 0 && words.closes(closes),
    informations > 0 && words.informations(informations),
    autres > 0 && words.autres(autres),
  ];
  return parts.filter(Boolean).join(' · ') || words.aucuneLigne;
}

function ReportList() {
  const m = useMessages();
  const words = m.prelevements.rapports;
  const { statut = 0 }: { statut?: number } = route.useSearch();
  const navigate = useNavigate({ from: '/prelevements/rapports' });
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    PaymentService.method.listRapports,
    { statut, pageSize: 50, pageToken: '' },
    PAGING,
  );
  const columns = useMemo((): Column<RapportBancaire>[] => {
    const { colonnes, etats, clore } = m.prelevements.rapports;
    return [
      { id: 'fichier', title: colonnes.fichier, cell: ({ nomFichier }) => nomFichier },
      {
        id: 'recu',
        title: colonnes.recu,
        width: 200,
        cell: ({ createdAt }) => createdAt && instant(createdAt),
      },
      {
        id: 'etat',
        title: colonnes.etat,
        width: 110,
        cell: (row) => (
          <span
            className={`mark ${row.statut === StatutRapport.REFUSE ? 'bad' : row.statut === StatutRapport.IMPORTE ? 'good' : 'warn'}`}
          >
            {etats[row.statut]}
          </span>
        ),
      },
      {
        id: 'resultat',
        title: colonnes.resultat,
        width: 380,
        cell: (row) =>
          row.motif ? (
            motifInWords(row.motif, m.prelevements.lignes.pourquoi)
          ) : (
            <Lines
              below={
                row.inconnus > 0 && (
                  <Link className="link" to="/prelevements/lignes" search={{ rapport: row.id }}>
                    {clore(row.inconnus)}
                  </Link>
                )
              }
            >
              {resultOf(row, m)}
            </Lines>
          ),
      },
      { id: 'par', title: colonnes.par, width: 150, cell: (row) => <Importer report={row} /> },
    ];
  }, [m]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  return (
    <>
      <div className="debits-bar">
        <h2>{words.liste}</h2>
        <Choice
          label={words.colonnes.etat}
          options={[
            { id: '0', nom: words.tous },
            ...STATES.map((state) => ({ id: String(state), nom: words.etats[state] ?? '' })),
          ]}
          chosen={String(statut)}
          choose={(id) =>
            void navigate({
              search: ({ statut: _, ...before }) => ({
                ...before,
                ...(id !== '0' && { statut: Number(id) }),
              }),
              replace: true,
            })
          }
        />
      </div>
      {isPending ? (
        <Waiting lines={8} />
      ) : (
        <Table
          label={words.liste}
          columns={columns}
          rows={data.pages.flatMap(({ rapports }) => rapports)}
          idOf={({ id }) => id}
          nameOf={({ nomFichier }) => nomFichier}
          more={{ ...more, error }}
          empty={statut ? words.aucunFiltre : words.aucun}
        />
      )}
    </>
  );
}

function Importer({ report: { canal, auteur } }: { report: RapportBancaire }) {
  const m = useMessages();
  const isFolder = canal === CanalRapport.DOSSIER;
  const name = useAuthorName(isFolder ? '' : auteur);
  return <>{isFolder ? m.prelevements.rapports.dossier : name}</>;
}
