import '../style/clients.css';
import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useInfiniteQuery, useTransport } from '@connectrpc/connect-query';
import { keepPreviousData, useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button, Input, Label, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { ClientBaseService, StatutEmailClient, type Client } from '../../gen/proto/clients/clients_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { nameOf, useUserNames } from '../clients.ts';
import { count } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisationName } from '../organisations.ts';
import { today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { csv } from '../ui/csv.ts';
import { saveFile } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { say } from '../ui/said.tsx';
import { SavedViews } from '../ui/saved-views.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { AgingBalance } from './aging-balance.tsx';
import type { ClientsSearch } from './route.ts';

const route = getRouteApi('/frame/clients');
const PAGE = 100;
const PAGE_OF_FILE = 200;

/** The clients, as a list or by what they owe; what is shown is in the address. */
export function ClientsPage() {
  const m = useMessages();
  const { vue }: ClientsSearch = route.useSearch();
  const navigate = useNavigate({ from: '/clients' });
  return (
    <div className="clients">
      <header className="page-head">
        <div className="title">
          <h1>{m.clients.titre}</h1>
        </div>
        <ToggleButtonGroup
          className="segments"
          aria-label={m.clients.vue}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[vue ?? 'liste']}
          onSelectionChange={(keys) =>
            void navigate({
              search: ({ org }) => ({
                ...(org && { org }),
                ...([...keys][0] === 'balance' && { vue: 'balance' as const }),
              }),
            })
          }
        >
          <ToggleButton id="liste">{m.clients.vueListe}</ToggleButton>
          <ToggleButton id="balance">{m.balance.titre}</ToggleButton>
        </ToggleButtonGroup>
      </header>
      {vue === 'balance' ? <AgingBalance /> : <ClientList />}
    </div>
  );
}

/** The clients, filtered. */
function ClientList() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { texte = '', responsable = '' }: ClientsSearch = route.useSearch();
  const navigate = useNavigate({ from: '/clients' });
  const transport = useTransport();
  useTitle(m.clients.titre);
  const change = (changes: ClientsSearch) =>
    void navigate({ search: (before) => withoutEmpty({ ...before, ...changes }), replace: true });
  const asked = { organisationId: org, texte, gestionnaireId: responsable };
  const query = useInfiniteQuery(
    ClientBaseService.method.list,
    { ...asked, pageSize: PAGE, pageToken: '' },
    {
      ...BY_TOKEN,
      placeholderData: keepPreviousData,
    },
  );
  const rows = useMemo(() => query.data?.pages.flatMap(({ clients }) => clients) ?? [], [query.data]);
  const managers = [...new Set([...rows.map((row) => row.gestionnaireId), responsable])].filter(Boolean);
  const users = useUserNames(managers);
  const organisationName = useOrganisationName();
  const columns = columnsOf(m, users, organisationName);
  const file = useMutation({
    async mutationFn() {
      const all = await readAll(transport, asked);
      const cells = all.map((client) => columns.map(({ text }) => text(client)));
      const name = `clients-${today()}.csv`;
      saveFile({
        name,
        type: 'text/csv',
        content: [
          csv(
            columns.map(({ title }) => title),
            cells,
          ),
        ],
      });
      return name;
    },
    onSuccess: (name) => say(m.telecharge(name)),
  });
  return (
    <>
      <div className="list-head">
        <p className="quiet" role="status">
          {query.data && m.clients.charges(rows.length, count(rows.length), query.hasNextPage)}
        </p>
        <Button className="button" onPress={() => file.mutate()} isPending={file.isPending}>
          <Icon name="download" />
          {file.isPending ? m.enCours : m.clients.exporter}
        </Button>
      </div>
      <section className="filters" aria-label={m.clients.filtre}>
        <div className="fields">
          <TextField className="field wide" value={texte} onChange={(text) => change({ texte: text })}>
            <Label>{m.clients.filtre}</Label>
            <Input className="input" maxLength={100} placeholder={m.clients.filtreAide} spellCheck="false" />
          </TextField>
          <Choice
            label={m.clients.responsable}
            options={[
              { id: '', nom: m.clients.tous },
              ...managers.map((id) => ({ id, nom: users.get(id) ?? id })),
            ]}
            chosen={responsable}
            choose={(id) => change({ responsable: id })}
          />
          {(texte || responsable) && (
            <Button className="button plain" onPress={() => change({ texte: '', responsable: '' })}>
              {m.clients.effacer}
            </Button>
          )}
        </div>
        <SavedViews room="clients" />
      </section>
      {file.error && <Failure error={file.error} />}
      {query.error && !query.data ? (
        <Failure error={query.error} retry={query.refetch} />
      ) : query.isPending ? (
        <Waiting lines={10} />
      ) : (
        <Table
          label={m.clients.titre}
          columns={columns}
          rows={rows}
          idOf={({ id }) => id}
          nameOf={nameOf}
          open={({ id }) => void navigate({ to: '/clients/$id', params: { id } })}
          more={query}
          empty={texte || responsable ? m.clients.aucun : m.clients.aucunEncore}
        />
      )}
    </>
  );
}

/** A column that is also one of the file. */
type ClientColumn = Column<Client> & { text: (client: Client) => string };

function columnsOf(
  m: Messages,
  users: ReadonlyMap<string, string>,
  organisationName: (reference: string) => string,
): ClientColumn[] {
  const { colonnes } = m.clients;
  const contact = ({ raisonSociale, prenom, nom }: Client) =>
    raisonSociale ? [prenom, nom].filter(Boolean).join(' ') : '';
  const manager = ({ gestionnaireId }: Client) => users.get(gestionnaireId) ?? gestionnaireId;
  return [
    {
      ...{ id: 'client', title: colonnes.client, text: nameOf },
      cell: (client) => (
        <Link to="/clients/$id" params={{ id: client.id }}>
          {nameOf(client)}
        </Link>
      ),
    },
    {
      ...{ id: 'reference', title: colonnes.reference, width: 120 },
      ...{ text: ({ referenceClient }) => referenceClient, cell: ({ referenceClient }) => referenceClient },
    },
    {
      ...{ id: 'contact', title: colonnes.contact },
      text: (client) => [contact(client), client.email, client.telephone].filter(Boolean).join(', '),
      cell: (client) => (
        <>
          {contact(client) && <span className="line">{contact(client)}</span>}
          <span className="line quiet">{client.email}</span>
        </>
      ),
    },
    {
      ...{ id: 'siren', title: colonnes.siren, width: 110 },
      ...{ text: ({ siren }) => siren, cell: ({ siren }) => siren.replace(/(\d{3})(?=\d)/g, '$1 ') },
    },
    { ...{ id: 'responsable', title: colonnes.responsable, width: 150 }, text: manager, cell: manager },
    {
      ...{ id: 'organisation', title: colonnes.organisation, width: 170 },
      text: ({ organisationId }) => organisationName(organisationId),
      cell: ({ organisationId }) => organisationName(organisationId),
    },
    {
      ...{ id: 'etat', title: colonnes.etat, width: 160 },
      text: (client) => statesOf(client, m).join(', '),
      cell: (client) =>
        statesOf(client, m).map((state) => (
          <span key={state} className="mark warn">
            {state}
          </span>
        )),
    },
  ];
}

function statesOf({ bloque, sansRelance, emailStatut }: Client, { clients: words }: Messages): string[] {
  return [
    ...(emailStatut === StatutEmailClient.ADRESSE_REFUSEE ? [words.adresseRefusee] : []),
    ...(emailStatut === StatutEmailClient.MESSAGE_REFUSE ? [words.messageRefuse] : []),
    ...(sansRelance ? [words.sansRelance] : []),
    ...(bloque ? [words.bloque] : []),
  ];
}

/** All clients that match: the file is not only what has been scrolled to. */
async function readAll(transport: Transport, asked: object): Promise<Client[]> {
  const all: Client[] = [];
  let pageToken = '';
  do {
    const request = { ...asked, pageSize: PAGE_OF_FILE, pageToken };
    const page = await callUnaryMethod(transport, ClientBaseService.method.list, request);
    all.push(...page.clients);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

/** What is not filtered is not in the address. */
const withoutEmpty = (search: ClientsSearch): ClientsSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value));
