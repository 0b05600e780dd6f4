import { timestampDate } from '@bufbuild/protobuf/wkt';
import { keepPreviousData } from '@tanstack/react-query';
import { useInfiniteQuery } from '@connectrpc/connect-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { MandateService, StatutMandat, type Mandate } from '../../gen/proto/payments/payments_pb.ts';
import { shortDay } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf, daysAfter, today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/fields.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Lines } from './cells.tsx';
import { useNames } from './names.ts';
import { PAGING } from './paging.ts';
import { MANDATE_FILTERS, type MandateFilter } from './mandate-filters.ts';

const route = getRouteApi('/frame/prelevements/mandats');
const dialogs = () => import('./mandate-dialogs.tsx');
const NewMandateDialog = lazy(async () => ({ default: (await dialogs()).NewMandateDialog }));
const MandateDialog = lazy(async () => ({ default: (await dialogs()).MandateDialog }));

/** Mandates that lapse within so many days are shown as such. */
const SOON_DAYS = 92;
const soon = () => daysAfter(today(), SOON_DAYS);

/** What a filter asks the service for. */
const REQUESTS: Record<MandateFilter, () => { statut: StatutMandat; caducsAu?: string }> = {
  actifs: () => ({ statut: StatutMandat.ACTIF }),
  bientot: () => ({ statut: StatutMandat.ACTIF, caducsAu: soon() }),
  caducs: () => ({ statut: StatutMandat.ACTIF, caducsAu: today() }),
  revoques: () => ({ statut: StatutMandat.REVOQUE }),
};

/** The mandates: whose, of which account, and until when they can be used. */
export function Mandates() {
  const m = useMessages();
  const words = m.prelevements.mandats;
  const { org } = useOrganisation();
  const { texte = '', filtre }: { texte?: string; filtre?: MandateFilter } = route.useSearch();
  const navigate = useNavigate({ from: '/prelevements/mandats' });
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    MandateService.method.list,
    {
      ...{ organisationId: org, recherche: texte, pageSize: 100, pageToken: '' },
      ...(filtre && REQUESTS[filtre]()),
    },
    { ...PAGING, placeholderData: keepPreviousData },
  );
  const rows = useMemo(() => data?.pages.flatMap(({ mandates }) => mandates) ?? [], [data]);
  const names = useNames(rows.map(({ clientId }) => ({ clientId, invoiceId: '' })));
  const [openId, setOpenId] = useState('');
  const [isNew, setNew] = useState(false);
  const open = rows.find(({ id }) => id === openId);
  const columns = useMemo((): Column<Mandate>[] => {
    const { colonnes, jamais, sansAdresse } = m.prelevements.mandats;
    return [
      {
        id: 'titulaire',
        title: colonnes.titulaire,
        cell: ({ titulaire, clientId }) => {
          const name = names.client(clientId);
          return <Lines below={name !== titulaire && name}>{titulaire}</Lines>;
        },
      },
      { id: 'rum', title: m.prelevements.colonnes.rum, cell: ({ rum }) => rum },
      { id: 'iban', title: colonnes.iban, width: 160, cell: ({ ibanMasque }) => ibanMasque },
      {
        id: 'signe',
        title: colonnes.signe,
        width: 110,
        cell: ({ dateSignature }) => shortDay(dateSignature),
      },
      {
        id: 'dernier',
        title: colonnes.dernier,
        width: 150,
        cell: ({ dernierePresentation }) =>
          dernierePresentation ? shortDay(dernierePresentation) : <span className="quiet">{jamais}</span>,
      },
      {
        id: 'valide',
        title: colonnes.valide,
        width: 130,
        cell: ({ valideJusquAu }) => shortDay(valideJusquAu),
      },
      {
        id: 'adresse',
        title: colonnes.adresse,
        cell: ({ adresse }) =>
          adresse ? `${adresse.codePostal} ${adresse.ville}` : <span className="quiet">{sansAdresse}</span>,
      },
      {
        id: 'etat',
        title: colonnes.etat,
        width: 110,
        cell: (mandate) => <MandateState mandate={mandate} m={m} />,
      },
    ];
  }, [m, names]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  return (
    <>
      <p className="quiet hint">{words.aide}</p>
      <div className="debits-bar">
        <TextField
          name="texte"
          label={words.chercher}
          first={texte}
          maxLength={70}
          change={(text) =>
            void navigate({
              search: ({ texte: _, ...before }) => ({
                ...before,
                ...(text.trim() && { texte: text.trim() }),
              }),
              replace: true,
            })
          }
        />
        <Choice
          label={words.etat}
          options={[
            { id: '', nom: words.tous },
            ...MANDATE_FILTERS.map((id) => ({ id, nom: words.filtres[id] })),
          ]}
          chosen={filtre ?? ''}
          choose={(id) =>
            void navigate({
              search: ({ filtre: _, ...before }) => ({
                ...before,
                ...(id && { filtre: id as MandateFilter }),
              }),
              replace: true,
            })
          }
        />
        <Button className="button primary" onPress={() => setNew(true)}>
          {words.nouveau}
        </Button>
      </div>
      {isPending ? (
        <Waiting lines={10} />
      ) : (
        <Table
          label={m.prelevements.onglets.mandats}
          {...{ columns, rows }}
          idOf={({ id }) => id}
          nameOf={({ titulaire }) => titulaire}
          open={({ id }) => setOpenId(id)}
          more={{ ...more, error }}
          empty={words.aucun}
        />
      )}
      <Suspense fallback={null}>
        {open && <MandateDialog mandate={open} close={() => setOpenId('')} />}
        {isNew && <NewMandateDialog organisationId={org} close={() => setNew(false)} />}
      </Suspense>
    </>
  );
}

function MandateState({
  mandate: { statut, valideJusquAu, revoqueAt },
  m,
}: {
  mandate: Mandate;
  m: Messages;
}) {
  const { etats, caduc } = m.prelevements.mandats;
  if (statut === StatutMandat.REVOQUE)
    return (
      <Lines below={revoqueAt && shortDay(dayOf(timestampDate(revoqueAt)))}>
        <span className="mark bad">{etats[statut]}</span>
      </Lines>
    );
  if (valideJusquAu < today()) return <span className="mark bad">{caduc}</span>;
  return <span className={valideJusquAu < soon() ? 'mark warn' : 'mark good'}>{etats[statut]}</span>;
}
