import { callUnaryMethod, useInfiniteQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import {
  AttenteRelanceService,
  GenreAttente,
  type AttenteRelance,
} from '../../gen/proto/relance/attentes_pb.ts';
import { useAuthorName } from '../clients.ts';
import { amount, instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { HoldKind } from './hold-dialog.tsx';

const HoldDialog = lazy(async () => ({ default: (await import('./hold-dialog.tsx')).HoldDialog }));

const KINDS: { genre: HoldKind; icon: IconName }[] = [
  { genre: GenreAttente.PROMESSE, icon: 'clock' },
  { genre: GenreAttente.ECHEANCIER, icon: 'retry' },
  { genre: GenreAttente.LITIGE, icon: 'stop' },
  { genre: GenreAttente.SUR_ACCORD, icon: 'person' },
];

type Props = {
  /** The invoice that they are about; or all of a client. */
  whose: Invoice | { organisationId: string; clientId: string };
  canHold: boolean;
};

/** What holds the reminders of an invoice or a client back by the will of people: promises, disputes; in force and past. */
export function Holds({ whose, canHold }: Props) {
  const m = useMessages();
  const [begun, setBegun] = useState<HoldKind>();
  const [lifted, setLifted] = useState<AttenteRelance>();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    AttenteRelanceService.method.list,
    'id' in whose
      ? { invoiceId: whose.id, pageSize: 20, pageToken: '' }
      : { ...whose, pageSize: 20, pageToken: '' },
    BY_TOKEN,
  );
  const attentes = (data?.pages ?? []).flatMap((page) => page.attentes);
  if (!canHold && attentes.length === 0 && !error) return null;
  return (
    <section className="panel holds" aria-label={m.attentes.titre}>
      <header>
        <h2>{m.attentes.titre}</h2>
      </header>
      {canHold && (
        <div className="actions" role="group" aria-label={m.attentes.commencer}>
          {KINDS.map(({ genre, icon }) => (
            <Button key={genre} className="button" onPress={() => setBegun(genre)}>
              <Icon name={icon} />
              {m.attentes.genres[genre].bouton}
            </Button>
          ))}
        </div>
      )}
      {error && !data && <Failure error={error} retry={refetch} />}
      {attentes.length > 0 && (
        <ul className="rows">
          {attentes.map((attente) => (
            <Hold key={attente.id} attente={attente} lift={() => setLifted(attente)} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className="button plain" onPress={() => void fetchNextPage()}>
          {m.historique.suite}
        </Button>
      )}
      {begun !== undefined && (
        <Suspense fallback={null}>
          <HoldDialog genre={begun} whose={whose} close={() => setBegun(undefined)} />
        </Suspense>
      )}
      {lifted && <LiftDialog attente={lifted} close={() => setLifted(undefined)} />}
    </section>
  );
}

function Hold({ attente, lift }: { attente: AttenteRelance; lift: () => void }) {
  const m = useMessages();
  const { genre, libelle, motif, auteur, createdAt, resultat, leveeAt, leveeMotif, invoiceIds, echeances } =
    attente;
  const name = useAuthorName(auteur.startsWith('service:') ? '' : auteur);
  const isOpen = !leveeAt;
  return (
    <li>
      <div className="row-head">
        <span className="what">{libelle}</span>
        <span className={`mark ${isOpen ? 'warn' : m.attentes.bonsResultats.has(resultat) ? 'good' : ''}`}>
          {isOpen ? m.attentes.enCours : m.attentes.resultats[resultat]}
        </span>
      </div>
      {!libelle.includes(motif) && <p className="text">{motif}</p>}
      {genre === GenreAttente.ECHEANCIER && (
        <p className="quiet">
          {echeances.map(({ date, montant }) => `${shortDay(date)} : ${amount(montant)}`).join(' · ')}
        </p>
      )}
      {leveeMotif && <p className="text quiet">{leveeMotif}</p>}
      <p className="quiet">
        {createdAt && instant(createdAt)}
        {` · ${name || m.historique.automatique} · ${m.attentes.portee(invoiceIds.length)}`}
      </p>
      {isOpen && (
        <Button className="button small" onPress={lift} aria-label={m.attentes.leverDe(libelle)}>
          {m.attentes.lever}
        </Button>
      )}
    </li>
  );
}

function LiftDialog({
  attente: { id, libelle, invoiceIds },
  close,
}: {
  attente: AttenteRelance;
  close: () => void;
}) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  return (
    <FormDialog
      title={m.attentes.leverTitre}
      effect={m.attentes.leverEffet(libelle, invoiceIds.length)}
      button={m.attentes.lever}
      done={m.attentes.leveeDite}
      close={close}
      send={async (values, once) => {
        const given = { id, motif: values.line('motif') };
        return await callUnaryMethod(transport, AttenteRelanceService.method.lever, given, once(given));
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      <ReasonField isRequired autoFocus />
    </FormDialog>
  );
}
