import { timestampDate } from '@bufbuild/protobuf/wkt';
import { keepPreviousData } from '@tanstack/react-query';
import { useInfiniteQuery } from '@connectrpc/connect-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Button, Checkbox } from 'react-aria-components';
import { PaymentService, type TransactionInconnue } from '../../gen/proto/payments/payments_pb.ts';
import { useAuthorName } from '../clients.ts';
import { amount, instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import type { Messages } from '../messages/fr.ts';
import { dayOf } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Lines, Reason } from './cells.tsx';
import { motifInWords } from './motif-in-words.ts';
import { PAGING } from './paging.ts';

const route = getRouteApi('/frame/prelevements/lignes');
const CloseLineDialog = lazy(async () => ({
  default: (await import('./close-line-dialog.tsx')).CloseLineDialog,
}));

/** The lines of bank reports that somebody has to say something about. */
export function UnknownLines() {
  const m = useMessages();
  const words = m.prelevements.lignes;
  const { org } = useOrganisation();
  const { rapport = '', closes = false }: { rapport?: string; closes?: boolean } = route.useSearch();
  const navigate = useNavigate({ from: '/prelevements/lignes' });
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    PaymentService.method.listLignesInconnues,
    // a line that matches nothing belongs to no organisation: those of one report are all shown
    { rapportId: rapport, organisationId: rapport ? '' : org, closes, pageSize: 100, pageToken: '' },
    { ...PAGING, placeholderData: keepPreviousData },
  );
  const [open, setOpen] = useState<TransactionInconnue>();
  const rows = useMemo(() => data?.pages.flatMap(({ lignes }) => lignes) ?? [], [data]);
  const columns = useMemo((): Column<TransactionInconnue>[] => {
    const { colonnes, clore, sansDate, sansReference } = m.prelevements.lignes;
    return [
      {
        id: 'quoi',
        title: colonnes.quoi,
        cell: (line) => (
          <Lines below={line.motifRejet && <Reason code={line.motifRejet} />}>{whatOf(line, m)}</Lines>
        ),
      },
      {
        id: 'montant',
        title: colonnes.montant,
        width: 130,
        isNumber: true,
        cell: (line) => lineAmount(line, m),
      },
      {
        id: 'date',
        title: colonnes.date,
        width: 120,
        cell: ({ survenuAt }) => (survenuAt ? shortDay(dayOf(timestampDate(survenuAt))) : sansDate),
      },
      {
        id: 'reference',
        title: colonnes.reference,
        cell: (line) => referenceOf(line) || <span className="quiet">{sansReference}</span>,
      },
      {
        id: 'pourquoi',
        title: colonnes.pourquoi,
        cell: (line) =>
          line.cloture ? <Closed line={line} /> : motifInWords(line.motif, m.prelevements.lignes.pourquoi),
      },
      {
        id: 'recue',
        title: colonnes.recue,
        width: 150,
        cell: (line) =>
          line.cloture ? (
            line.recuAt && shortDay(dayOf(timestampDate(line.recuAt)))
          ) : (
            <Lines below={line.recuAt && shortDay(dayOf(timestampDate(line.recuAt)))}>
              <Button className="button" onPress={() => setOpen(line)}>
                {clore}
              </Button>
            </Lines>
          ),
      },
    ];
  }, [m]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  return (
    <>
      <div className="debits-bar">
        <p className="quiet hint">
          {words.aide}
          {rapport && (
            <>
              {' '}
              {words.duRapport}{' '}
              <Link className="link" to="/prelevements/lignes" search={({ rapport: _, ...before }) => before}>
                {words.toutes}
              </Link>
            </>
          )}
        </p>
        <Checkbox
          className="checkbox"
          isSelected={closes}
          onChange={(isOn) =>
            void navigate({
              search: ({ closes: _, ...before }) => ({ ...before, ...(isOn && { closes: true }) }),
              replace: true,
            })
          }
        >
          <span className="box">{closes && <Icon name="check" />}</span>
          {words.montrerCloses}
        </Checkbox>
      </div>
      {isPending ? (
        <Waiting lines={8} />
      ) : (
        <Table
          label={m.prelevements.onglets.lignes}
          {...{ columns, rows }}
          idOf={({ rapportId, rang }) => `${rapportId} ${rang}`}
          nameOf={(line) => `${whatOf(line, m)} ${lineAmount(line, m)}`}
          open={(line) => !line.cloture && setOpen(line)}
          more={{ ...more, error }}
          empty={rapport ? words.aucuneDuRapport : words.aucune}
        />
      )}
      {open && (
        <Suspense fallback={null}>
          <CloseLineDialog line={open} close={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** What a line says that happened, and to what if that is not a single debit. */
export function whatOf(
  { etat, portee, nombre }: TransactionInconnue,
  { prelevements: { lignes } }: Messages,
): string {
  const of = [lignes.portees[portee], nombre !== undefined && lignes.prelevementsDe(nombre)]
    .filter(Boolean)
    .join(', ');
  return `${lignes.etats[etat] ?? ''}${of && ` (${of})`}`;
}

export const lineAmount = (
  { montant, devise }: TransactionInconnue,
  { prelevements: { lignes } }: Messages,
): string =>
  montant === undefined
    ? lignes.sansMontant
    : devise === '' || devise === 'EUR'
      ? amount(montant)
      : `${amount(montant).replace(/\s?€\s?/, '')} ${devise}`;

const referenceOf = ({
  endToEndId,
  instrId,
  rum,
  blocId,
  messageId,
  reference,
}: TransactionInconnue): string =>
  [endToEndId, instrId, rum, blocId, messageId, reference].find(Boolean) ?? '';

function Closed({ line: { cloture } }: { line: TransactionInconnue }) {
  const m = useMessages();
  const { genre, par, pourquoi, closAt } = cloture!;
  const name = useAuthorName(par);
  return (
    <Lines below={`${name}${closAt ? `, ${instant(closAt)}` : ''} : ${pourquoi}`}>
      <span className="mark good">{m.prelevements.lignes.close[genre]}</span>
    </Lines>
  );
}
