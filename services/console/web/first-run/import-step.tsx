import { useTransport } from '@connectrpc/connect-query';
import { useMutation } from '@tanstack/react-query';
import { useId, useMemo, useRef, useState } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import { SortLigne, type LigneImport } from '../../gen/proto/imports/imports_pb.ts';
import { count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { say } from '../ui/said.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { importFile, type Imports } from './import-file.ts';

const MOST_BYTES = 4 * 1024 * 1024;
const FAULTY = SortLigne.EN_FAUTE;
const CREATED = SortLigne.CREEE;

type Props = { what: Imports; organisationId: string; readAgain: () => Promise<unknown> };

/** A CSV file: what would become of each line is told first; then the right ones are imported. */
export function ImportStep({ what, organisationId, readAgain }: Props) {
  const m = useMessages();
  const words = m.demarrage.fichier;
  const transport = useTransport();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ nom: string; contenu: Uint8Array<ArrayBuffer> }>();
  const [tooLarge, setTooLarge] = useState(false);
  const [seen, setSeen] = useState<[number, number]>([0, 0]);
  const { mutate, data, error, isPending, variables, reset } = useMutation({
    mutationFn: ({
      nom,
      contenu,
      ...how
    }: NonNullable<typeof file> & { appliquer: boolean; sauf: boolean }) => {
      setSeen([0, 0]);
      const asked = {
        organisationId,
        nomFichier: nom,
        contenu,
        appliquer: how.appliquer,
        saufFautives: how.sauf,
      };
      return importFile(transport, what, asked, (done, total) => setSeen([done, total]));
    },
    async onSuccess({ bilan }, { appliquer }) {
      if (!appliquer) return;
      say(words.importees(bilan?.creees ?? 0));
      await readAgain();
    },
  });
  const look = async (chosen: File | undefined) => {
    reset();
    setTooLarge(false);
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) {
      setTooLarge(true);
      return;
    }
    const given = { nom: chosen.name, contenu: new Uint8Array(await chosen.arrayBuffer()) };
    setFile(given);
    mutate({ ...given, appliquer: false, sauf: false });
  };
  const bilan = data?.bilan;
  const isDone = (variables?.appliquer ?? false) && bilan !== undefined;
  return (
    <div className="import">
      <p>{words.aide[what]}</p>
      <div className="field file">
        <label htmlFor={id}>{words.choisir[what]}</label>
        <input
          id={id}
          ref={input}
          type="file"
          accept=".csv,.txt,text/csv"
          disabled={isPending}
          // the same file, mended, can be chosen again
          onClick={() => {
            if (input.current) input.current.value = '';
          }}
          onChange={(event) => void look(event.target.files?.[0])}
        />
        <p className="quiet">{words.colonnes[what]}</p>
      </div>
      {tooLarge && (
        <p className="fault" role="alert">
          {words.tropGrand}
        </p>
      )}
      {isPending && (
        <div className="progress" role="status">
          <label>
            <span>
              {variables?.appliquer ? words.import : words.lecture}{' '}
              {seen[1] > 0 && `${count(seen[0])} / ${count(seen[1])}`}
            </span>
            <progress value={seen[0]} max={Math.max(1, seen[1])} />
          </label>
        </div>
      )}
      {error && <Failure error={error} {...(variables && { retry: () => mutate(variables) })} />}
      {bilan && !isPending && (
        <>
          <p role="status">
            <strong>{words.bilan(bilan)}</strong>
          </p>
          {data.remarques.map((remarque) => (
            <p key={remarque} className="quiet">
              {remarque}
            </p>
          ))}
          <Lines lignes={data.lignes} />
          {!isDone && file && bilan.aCreer > 0 && (
            <div className="buttons">
              <Button
                className="button primary"
                onPress={() => mutate({ ...file, appliquer: true, sauf: bilan.enFaute > 0 })}
              >
                {bilan.enFaute > 0
                  ? words.importerSauf(bilan.aCreer, bilan.enFaute)
                  : words.importer(bilan.aCreer)}
              </Button>
            </div>
          )}
          {!isDone && bilan.enFaute > 0 && <p className="quiet">{words.corriger}</p>}
        </>
      )}
    </div>
  );
}

function Lines({ lignes }: { lignes: LigneImport[] }) {
  const m = useMessages();
  const words = m.demarrage.fichier;
  const faulty = useMemo(() => lignes.filter(({ sort }) => sort === FAULTY), [lignes]);
  const [isOnlyFaulty, setOnlyFaulty] = useState(faulty.length > 0);
  const columns = useMemo(
    (): Column<LigneImport>[] => [
      { id: 'ligne', title: words.ligne, cell: ({ ligne }) => count(ligne), width: 80, isNumber: true },
      { id: 'libelle', title: words.quoi, cell: ({ libelle }) => libelle || '—', width: 260 },
      {
        id: 'sort',
        title: words.sort,
        cell: ({ sort }) => (
          <span className={sort === FAULTY ? 'mark bad' : sort === CREATED ? 'mark good' : 'mark'}>
            {words.sorts[sort] ?? ''}
          </span>
        ),
        width: 140,
      },
      {
        id: 'fautes',
        title: words.fautes,
        cell: ({ fautes, remarque }) => (
          <>
            {fautes.map(({ colonne, valeur, message }) => (
              <span key={`${colonne}${message}`} className="import-fault">
                {colonne && <strong>{colonne}</strong>} {valeur && <q>{valeur}</q>} {message}
              </span>
            ))}
            {remarque && <span className="quiet">{remarque}</span>}
          </>
        ),
      },
    ],
    [words],
  );
  return (
    <>
      {faulty.length > 0 && faulty.length < lignes.length && (
        <Checkbox className="checkbox" isSelected={isOnlyFaulty} onChange={setOnlyFaulty}>
          <span className="box" aria-hidden="true" />
          <span>{words.seulementFautives(faulty.length)}</span>
        </Checkbox>
      )}
      <Table
        label={words.lignes}
        columns={columns}
        rows={isOnlyFaulty ? faulty : lignes}
        idOf={({ ligne }) => String(ligne)}
        nameOf={({ libelle, ligne }) => libelle || String(ligne)}
        empty={words.aucune}
      />
    </>
  );
}
