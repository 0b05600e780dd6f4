import { timestampDate } from '@bufbuild/protobuf/wkt';
import { callUnaryMethod, useInfiniteQuery, useTransport } from '@connectrpc/connect-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { PaymentService, StatutPaiement, type Prelevement } from '../../gen/proto/payments/payments_pb.ts';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Failure } from '../ui/failure.tsx';
import { DateField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { ClientName, Lines, Subject } from './cells.tsx';
import { DayRange } from './day-range.tsx';
import { useNames } from './names.ts';
import { PAGING } from './paging.ts';
import { useReadAgain } from './use-read-again.ts';

const route = getRouteApi('/frame/prelevements/echeances');

/** The debits to come, by date, and whether their clients have been told. */
export function PlannedDebits() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { du = '', au = '' }: { du?: string; au?: string } = route.useSearch();
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    PaymentService.method.listPrelevements,
    { organisationId: org, du, au, parDate: true, pageSize: 100, pageToken: '' },
    PAGING,
  );
  const rows = useMemo(() => data?.pages.flatMap(({ prelevements }) => prelevements) ?? [], [data]);
  const names = useNames(rows.map(({ paiement }) => paiement!));
  const [told, setTold] = useState<Prelevement>();
  const columns = useMemo((): Column<Prelevement>[] => {
    const { colonnes, etats, echeances, presentation } = m.prelevements;
    return [
      {
        id: 'date',
        title: colonnes.date,
        width: 120,
        cell: ({ paiement }) => shortDay(paiement!.datePrevue),
      },
      {
        id: 'client',
        title: colonnes.client,
        cell: ({ paiement }) => <ClientName id={paiement!.clientId} names={names} />,
      },
      {
        id: 'objet',
        title: colonnes.objet,
        cell: ({ paiement }) => <Subject debit={paiement!} names={names} />,
      },
      {
        id: 'montant',
        title: colonnes.montant,
        width: 130,
        isNumber: true,
        cell: ({ paiement }) => amount(paiement!.montant),
      },
      {
        id: 'rum',
        title: colonnes.rum,
        cell: ({ rum, paiement }) => (
          <Lines below={paiement!.tentative > 1 && presentation(paiement!.tentative)}>{rum}</Lines>
        ),
      },
      {
        id: 'etat',
        title: colonnes.etat,
        width: 120,
        cell: ({ paiement }) => (
          <span className={paiement!.statut === StatutPaiement.EMIS ? 'mark good' : 'mark'}>
            {etats[paiement!.statut]}
          </span>
        ),
      },
      {
        id: 'preavis',
        title: echeances.preavis,
        width: 230,
        cell: (row) => {
          const { prenotifieAt, prenotifiePour } = row.paiement!;
          if (row.prenotificationLe)
            return (
              <>
                <span className={row.prenotificationLe < today() ? 'mark warn' : 'mark'}>
                  {echeances.aPrevenir(shortDay(row.prenotificationLe))}
                </span>
                <Button className="button plain" onPress={() => setTold(row)}>
                  {echeances.marquerCourt}
                </Button>
              </>
            );
          if (prenotifieAt) return echeances.prevenu(shortDay(dayOf(timestampDate(prenotifieAt))));
          return prenotifiePour && echeances.pourUneAutreDate(shortDay(prenotifiePour));
        },
      },
    ];
  }, [m, names]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  return (
    <>
      <div className="debits-bar">
        <p className="quiet hint">{m.prelevements.echeances.aide}</p>
        <DayRange du={du} au={au} to="/prelevements/echeances" />
      </div>
      {isPending ? (
        <Waiting lines={10} />
      ) : (
        <Table
          label={m.prelevements.onglets.echeances}
          {...{ columns, rows }}
          idOf={({ paiement }) => paiement!.id}
          nameOf={({ paiement }) => names.client(paiement!.clientId)}
          more={{ ...more, error }}
          empty={m.prelevements.echeances.aucune}
        />
      )}
      {told && <ToldDialog debit={told} close={() => setTold(undefined)} />}
    </>
  );
}

/** Notes that somebody has told the client, by letter or telephone. */
function ToldDialog({ debit: { paiement }, close }: { debit: Prelevement; close: () => void }) {
  const m = useMessages();
  const words = m.prelevements.echeances;
  const transport = useTransport();
  const readAgain = useReadAgain();
  const { id, datePrevue } = paiement!;
  return (
    <FormDialog
      title={words.marquer}
      effect={words.marquerEffet}
      close={close}
      button={m.prelevements.mandats.enregistrer}
      send={async (values, once) => {
        const day = values.text('prenotifieAt');
        // today: now; an earlier day: at noon
        const prenotifieAt =
          day < today() ? { seconds: BigInt(Date.parse(`${day}T12:00:00Z`) / 1000) } : undefined;
        const request = { id, datePrevue, ...(prenotifieAt && { prenotifieAt }) };
        return await callUnaryMethod(
          transport,
          PaymentService.method.marquerPrenotifie,
          request,
          once(request),
        );
      }}
      done={words.marque}
      readAgain={() => readAgain(PaymentService.method.listPrelevements)}
    >
      <DateField
        name="prenotifieAt"
        label={words.marqueLe}
        first={today()}
        to={today()}
        isRequired
        autoFocus
      />
    </FormDialog>
  );
}
