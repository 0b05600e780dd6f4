import { keepPreviousData } from '@tanstack/react-query';
import { useInfiniteQuery } from '@connectrpc/connect-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { PaymentService, type FraisDePaiement } from '../../gen/proto/payments/payments_pb.ts';
import { amount, count, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Failure } from '../ui/failure.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { ClientName, Lines, Reason, Subject } from './cells.tsx';
import { DayRange } from './day-range.tsx';
import { useNames } from './names.ts';
import { PAGING } from './paging.ts';

const route = getRouteApi('/frame/prelevements/frais');

/** What the bank charged for debits that came back. */
export function Fees() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { du = '', au = '' }: { du?: string; au?: string } = route.useSearch();
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    PaymentService.method.listFrais,
    { organisationId: org, du, au, pageSize: 100, pageToken: '' },
    { ...PAGING, placeholderData: keepPreviousData },
  );
  const rows = useMemo(() => data?.pages.flatMap(({ frais }) => frais) ?? [], [data]);
  const names = useNames(rows.map(({ paiement }) => paiement!));
  const columns = useMemo((): Column<FraisDePaiement>[] => {
    const { colonnes, frais, presentation } = m.prelevements;
    return [
      {
        id: 'date',
        title: frais.colonnes.date,
        width: 120,
        cell: (row) => row.frais && shortDay(row.frais.date),
      },
      {
        id: 'client',
        title: colonnes.client,
        cell: ({ paiement }) => <ClientName id={paiement!.clientId} names={names} />,
      },
      {
        id: 'objet',
        title: frais.colonnes.paiement,
        cell: ({ paiement, tentative }) => (
          <Lines below={`${amount(paiement!.montant)} · ${presentation(tentative)}`}>
            <Subject debit={paiement!} names={names} />
          </Lines>
        ),
      },
      {
        id: 'motif',
        title: frais.colonnes.motif,
        cell: ({ paiement }) => <Reason code={paiement!.motifRejet} />,
      },
      {
        id: 'frais',
        title: frais.colonnes.frais,
        width: 120,
        isNumber: true,
        cell: (row) => row.frais && amount(row.frais.montant),
      },
    ];
  }, [m, names]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  const first = data?.pages[0];
  return (
    <>
      <div className="debits-bar">
        <p className="quiet hint">{m.prelevements.frais.aide}</p>
        <DayRange du={du} au={au} to="/prelevements/frais" />
      </div>
      {isPending ? (
        <Waiting lines={10} />
      ) : (
        <>
          {first && (
            <p className="summary" role="status">
              <strong>{m.prelevements.frais.resume(count(first.nombre), amount(first.total))}</strong>
            </p>
          )}
          <Table
            label={m.prelevements.onglets.frais}
            {...{ columns, rows }}
            idOf={({ paiement, tentative, frais }) =>
              `${paiement!.id} ${tentative} ${frais!.date} ${frais!.montant}`
            }
            nameOf={({ paiement }) => names.client(paiement!.clientId)}
            more={{ ...more, error }}
            empty={m.prelevements.frais.aucun}
          />
        </>
      )}
    </>
  );
}
