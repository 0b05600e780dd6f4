import { keepPreviousData } from '@tanstack/react-query';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import {
  MotifEcart,
  PaymentService,
  type BlocEmission,
  type EmitResponse,
  type PaiementEcarte,
  type PaiementPresentable,
} from '../../gen/proto/payments/payments_pb.ts';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { amount, count, day, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, daysAfter, noonOf, today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { DateField } from '../ui/fields.tsx';
import { Icon } from '../ui/icon.tsx';
import { useSelection } from '../ui/selection.ts';
import { Table, type Column, type Sort } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { ClientName, Lines, Subject } from './cells.tsx';
import { EmitDialog, WithoutNoticeDialog, type WithoutNotice } from './emit-dialogs.tsx';
import { useNames, type Names } from './names.ts';

const route = getRouteApi('/frame/prelevements/');

/** The next day that is no weekend; a holiday of the banks is refused by the service, with the reason. */
function nextWorkday(): string {
  let date = daysAfter(today(), 1);
  while ([0, 6].includes(noonOf(date).getUTCDay())) date = daysAfter(date, 1);
  return date;
}

/** What the next file for the bank would take, what not and why; and the button that presents it. */
export function NextEmit() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { date = nextWorkday() }: { date?: string } = route.useSearch();
  const navigate = useNavigate({ from: '/prelevements' });
  const [sansPreavis, setWithoutNotice] = useState<WithoutNotice>();
  const request = { dateCollecte: date, organisationId: org, ...(sansPreavis && { sansPreavis }) };
  const { data, error, isPending, isFetching, refetch } = useQuery(
    PaymentService.method.emit,
    { ...request, dryRun: true },
    { placeholderData: keepPreviousData },
  );
  const [isEmitting, setEmitting] = useState(false);
  return (
    <>
      <div className="debits-bar">
        <p className="quiet hint">{m.prelevements.remise.aide}</p>
        <DateField
          name="date"
          key={date}
          label={m.prelevements.remise.date}
          first={date}
          from={today()}
          change={(chosen) =>
            chosen.startsWith('20') &&
            void navigate({ search: (before) => ({ ...before, date: chosen }), replace: true })
          }
        />
      </div>
      {error ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting lines={10} />
      ) : (
        <Foreseen
          answer={data}
          date={date}
          isFetching={isFetching}
          emit={() => setEmitting(true)}
          withoutNotice={sansPreavis}
          setWithoutNotice={setWithoutNotice}
        />
      )}
      {isEmitting && data && <EmitDialog request={request} seen={data} close={() => setEmitting(false)} />}
    </>
  );
}

type ForeseenProps = {
  answer: EmitResponse;
  date: string;
  isFetching: boolean;
  emit: () => void;
  withoutNotice: WithoutNotice | undefined;
  setWithoutNotice: (given: WithoutNotice | undefined) => void;
};

function Foreseen({ answer, date, isFetching, emit, withoutNotice, setWithoutNotice }: ForeseenProps) {
  const m = useMessages();
  const words = m.prelevements.remise;
  const { nombre, total, presentables, ecartes, ecartesParMotif, blocs, aVenir, sansMandat } = answer;
  const out = ecartesParMotif.reduce((sum, one) => sum + one.nombre, 0);
  const names = useNames([...presentables, ...ecartes]);
  const [part, setPart] = useState('in');
  return (
    <>
      <section className="panel emit-sum" aria-label={m.prelevements.onglets.remise} aria-busy={isFetching}>
        <dl className="figures">
          <div className="main">
            <dt>{words.total}</dt>
            <dd>{amount(total)}</dd>
          </div>
          <div>
            <dt>{words.nombre}</dt>
            <dd>{count(nombre)}</dd>
          </div>
          <div>
            <dt>{words.collecte}</dt>
            <dd>{day(date)}</dd>
          </div>
          <div>
            <dt>{words.ecartes}</dt>
            <dd>{count(out)}</dd>
          </div>
        </dl>
        {blocs.length > 0 && <Blocs blocs={blocs} />}
        <div className="emit-notes">
          {aVenir && aVenir.nombre > 0 && (
            <p className="quiet">
              {words.aVenir(aVenir.nombre, amount(aVenir.total), shortDay(aVenir.premier))}
            </p>
          )}
          {sansMandat && sansMandat.nombre > 0 && (
            <p className="quiet">{words.sansMandat(sansMandat.nombre, amount(sansMandat.total))}</p>
          )}
          {withoutNotice && (
            <p className="notice">
              <span>{words.sansPreavis(withoutNotice.motif)}</span>
              <Button className="button plain" onPress={() => setWithoutNotice(undefined)}>
                {words.retirer}
              </Button>
            </p>
          )}
          <Button className="button primary" onPress={emit} isDisabled={nombre === 0 || isFetching}>
            <Icon name="send" />
            {words.remettre}
          </Button>
        </div>
      </section>
      <Tabs className="tabs" selectedKey={part} onSelectionChange={(key) => setPart(String(key))}>
        <TabList aria-label={m.prelevements.onglets.remise} className="segments">
          <Tab id="in">{`${words.dansLeFichier} (${count(nombre)})`}</Tab>
          <Tab id="out">{`${words.ecartes} (${count(out)})`}</Tab>
        </TabList>
        <TabPanel id="in">
          {nombre > presentables.length && (
            <p className="quiet hint">{words.montres(count(presentables.length))}</p>
          )}
          <Taken rows={presentables} names={names} />
        </TabPanel>
        <TabPanel id="out">
          {out > ecartes.length && <p className="quiet hint">{words.montres(count(ecartes.length))}</p>}
          <LeftOut answer={answer} names={names} setWithoutNotice={setWithoutNotice} />
        </TabPanel>
      </Tabs>
    </>
  );
}

function Blocs({ blocs }: { blocs: BlocEmission[] }) {
  const m = useMessages();
  const words = m.prelevements.remise;
  return (
    <table className="small-table">
      <caption className="quiet">{words.blocs}</caption>
      <thead>
        <tr>
          <th scope="col">{words.creancier}</th>
          <th scope="col">{words.sequence}</th>
          <th scope="col" className="number">
            {words.nombre}
          </th>
          <th scope="col" className="number">
            {words.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {blocs.map(({ organisationId, creancierNom, creancierIcs, sequence, nombre, total }) => (
          <tr key={`${organisationId} ${sequence}`}>
            <th scope="row">
              {creancierNom || organisationId} <span className="quiet">{creancierIcs}</span>
            </th>
            <td>{words.sequences[sequence] ?? sequence}</td>
            <td className="number">{count(nombre)}</td>
            <td className="number">{amount(total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Taken({ rows, names }: { rows: PaiementPresentable[]; names: Names }) {
  const m = useMessages();
  const [sort, setSort] = useState<Sort>({ by: 'client', desc: false });
  const columns = useMemo((): Column<PaiementPresentable>[] => {
    const { colonnes, remise, presentation } = m.prelevements;
    return [
      {
        id: 'client',
        title: colonnes.client,
        sortBy: ({ clientId }) => names.client(clientId),
        cell: ({ clientId }) => <ClientName id={clientId} names={names} />,
      },
      { id: 'objet', title: colonnes.objet, cell: (row) => <Subject debit={row} names={names} /> },
      {
        id: 'montant',
        title: colonnes.montant,
        isNumber: true,
        isLargestFirst: true,
        width: 140,
        sortBy: ({ montant }) => montant,
        cell: ({ montant, montantPrevu }) => (
          <Lines below={montantPrevu > montant && remise.reduit(amount(montantPrevu))}>
            {amount(montant)}
          </Lines>
        ),
      },
      {
        id: 'date',
        title: colonnes.date,
        width: 120,
        sortBy: ({ datePrevue }) => datePrevue,
        cell: ({ datePrevue }) => shortDay(datePrevue),
      },
      {
        id: 'rum',
        title: colonnes.rum,
        cell: ({ rum, sequence, tentative }) => (
          <Lines below={tentative > 1 ? `${sequence} · ${presentation(tentative)}` : sequence}>{rum}</Lines>
        ),
      },
      {
        id: 'preavis',
        title: remise.preavis,
        cell: ({ tentative, prenotifiePour, prenotifieAt, sansPreavis }) =>
          sansPreavis ? (
            <span className="mark warn wraps">{remise.sansPreavis(sansPreavis.motif)}</span>
          ) : tentative > 1 ? (
            remise.parReessai
          ) : prenotifieAt ? (
            remise.prevenu(shortDay(dayOf(timestampDate(prenotifieAt))))
          ) : (
            prenotifiePour && remise.prevenuPour(shortDay(prenotifiePour))
          ),
      },
    ];
  }, [m, names]);
  return (
    <Table
      label={m.prelevements.remise.dansLeFichier}
      {...{ columns, rows, sort, changeSort: setSort }}
      idOf={({ paymentId }) => paymentId}
      nameOf={({ clientId }) => names.client(clientId)}
      empty={m.prelevements.remise.rien}
    />
  );
}

function LeftOut({
  answer: { ecartes, ecartesParMotif },
  names,
  setWithoutNotice,
}: {
  answer: EmitResponse;
  names: Names;
  setWithoutNotice: (given: WithoutNotice) => void;
}) {
  const m = useMessages();
  const words = m.prelevements.remise;
  const [sort, setSort] = useState<Sort>({ by: 'motif', desc: false });
  const [motif, setMotif] = useState('');
  const rows = motif ? ecartes.filter((one) => String(one.motif) === motif) : ecartes;
  const [chosen, change] = useSelection(motif);
  const withoutNotice = ecartes.filter(
    (one) => one.motif === MotifEcart.PREAVIS && chosen.ids.has(one.paymentId),
  );
  const [isAsking, setAsking] = useState(false);
  const columns = useMemo((): Column<PaiementEcarte>[] => {
    const { colonnes, remise } = m.prelevements;
    return [
      {
        id: 'client',
        title: colonnes.client,
        sortBy: ({ clientId }) => names.client(clientId),
        cell: ({ clientId }) => <ClientName id={clientId} names={names} />,
      },
      { id: 'objet', title: colonnes.objet, cell: (row) => <Subject debit={row} names={names} /> },
      {
        id: 'montant',
        title: colonnes.montant,
        isNumber: true,
        isLargestFirst: true,
        width: 130,
        sortBy: ({ montant }) => montant,
        cell: ({ montant }) => amount(montant),
      },
      {
        id: 'date',
        title: colonnes.date,
        width: 120,
        sortBy: ({ datePrevue }) => datePrevue,
        cell: ({ datePrevue }) => shortDay(datePrevue),
      },
      {
        id: 'motif',
        title: remise.pourquoi,
        width: 420,
        sortBy: (row) => remise.motifs[row.motif] ?? '',
        cell: (row) => (
          <Lines below={row.explication}>
            <span className="mark warn">{remise.motifs[row.motif]}</span>
          </Lines>
        ),
      },
    ];
  }, [m, names]);
  return (
    <>
      {ecartesParMotif.length > 1 && (
        <div className="filters narrow-filter">
          <Choice
            label={words.pourquoi}
            options={[
              { id: '', nom: words.tousLesMotifs },
              ...ecartesParMotif.map((one) => ({
                id: String(one.motif),
                nom: `${words.motifs[one.motif] ?? ''} (${count(one.nombre)})`,
              })),
            ]}
            chosen={motif}
            choose={setMotif}
          />
        </div>
      )}
      <Table
        label={words.ecartes}
        {...{ columns, rows, sort, changeSort: setSort }}
        idOf={({ paymentId }) => paymentId}
        nameOf={({ clientId }) => names.client(clientId)}
        empty={words.aucunEcarte}
        {...(ecartes.some((one) => one.motif === MotifEcart.PREAVIS) && {
          selection: {
            ...{ chosen, change },
            actions: (
              <Button
                className="button"
                isDisabled={withoutNotice.length === 0}
                onPress={() => setAsking(true)}
              >
                {words.malgrePreavis}
              </Button>
            ),
          },
        })}
      />
      {isAsking && (
        <WithoutNoticeDialog
          paymentIds={withoutNotice.map(({ paymentId }) => paymentId)}
          give={setWithoutNotice}
          close={() => setAsking(false)}
        />
      )}
    </>
  );
}
