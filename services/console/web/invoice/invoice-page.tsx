import '../style/invoice.css';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi } from '@tanstack/react-router';
import { ClientBaseService, StatutEmailClient, type Client } from '../../gen/proto/clients/clients_pb.ts';
import { InvoiceService, StatutFacture, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { nameOf } from '../clients.ts';
import { amount, day } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisationName } from '../organisations.ts';
import { daysBetween, today } from '../paris-day.ts';
import { Download } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { History } from './history.tsx';
import { Holds } from './holds.tsx';
import { isRunning } from './level-state.ts';
import { Payments } from './payments.tsx';
import { Reminders } from './reminders.tsx';

const route = getRouteApi('/frame/factures/$id');

/** An invoice: what is left to pay, its reminders past and to come, and what was done about them. */
export function InvoicePage() {
  const m = useMessages();
  // the router's types are in a circle here: it is told this page by a lazy import
  const { id }: { id: string } = route.useParams();
  const invoice = useQuery(InvoiceService.method.get, { id });
  const relance = useQuery(RelanceService.method.get, { id });
  const clientId = invoice.data?.clientId ?? '';
  const client = useQuery(ClientBaseService.method.get, { id: clientId }, { enabled: clientId !== '' });
  useTitle(m.facture.titre(invoice.data?.numero ?? ''));
  if (invoice.error && !invoice.data) {
    return isMissing(invoice.error) ? (
      <div className="panel empty-page">
        <h1>{m.facture.introuvable}</h1>
        <p className="quiet">{m.factures.aucuneAide}</p>
      </div>
    ) : (
      <Failure error={invoice.error} retry={invoice.refetch} />
    );
  }
  if (!invoice.data) return <Waiting lines={8} />;
  return (
    <div className="invoice">
      <Head invoice={invoice.data} client={client.data} />
      <div className="columns">
        <div className="stack">
          {relance.data ? (
            // also while it cannot be read again: somebody may be writing
            <Reminders relance={relance.data} invoice={invoice.data} />
          ) : isMissing(relance.error) ? (
            <section className="panel">
              <h2>{m.relances.titre}</h2>
              <p className="empty">{m.relances.aucune}</p>
            </section>
          ) : relance.error ? (
            <Failure error={relance.error} retry={relance.refetch} />
          ) : (
            <Waiting lines={8} />
          )}
          <Holds
            whose={invoice.data}
            canHold={relance.data !== undefined && isRunning(relance.data) && invoice.data.restantDu > 0n}
          />
        </div>
        <div className="stack">
          <Payments invoice={invoice.data} />
          <History invoiceId={id} />
        </div>
      </div>
    </div>
  );
}

const isMissing = (error: unknown): boolean =>
  error !== null && ConnectError.from(error).code === Code.NotFound;

function Head({ invoice, client }: { invoice: Invoice; client: Client | undefined }) {
  const m = useMessages();
  const organisationName = useOrganisationName();
  const {
    id,
    clientId,
    numero,
    objet,
    statut,
    montant,
    restantDu,
    dateFacture,
    dateEcheance,
    organisationId,
  } = invoice;
  const late = statut === StatutFacture.EMISE ? daysBetween(dateEcheance, today()) : 0;
  return (
    <header className="invoice-head panel">
      <div>
        <p>
          <a className="link" href={`/clients/${clientId}`}>
            {client ? nameOf(client) : '…'}
          </a>
        </p>
        <h1>
          {m.facture.titre(numero)}
          <span className={`mark ${late > 0 ? 'bad' : statut === StatutFacture.PAYEE ? 'good' : ''}`}>
            {late > 0 ? m.facture.echue(late) : m.facture.statuts[statut]}
          </span>
        </h1>
        <p>{objet}</p>
        {client?.telephone && (
          <a className="link phone" href={`tel:${client.telephone.replace(/[^+\d]/g, '')}`}>
            <Icon name="phone" />
            {m.facture.appeler(client.telephone)}
          </a>
        )}
        <div className="actions">
          <Download
            label={m.facture.pdf}
            name={`${numero}.pdf`}
            type="application/pdf"
            pieces={(transport) => createClient(InvoiceService, transport).downloadPdf({ id })}
          />
          <Download
            label={m.facture.dossier}
            name={`dossier-${numero}.zip`}
            type="application/zip"
            describedAs={m.facture.dossierAide}
            pieces={(transport) => createClient(RelanceService, transport).downloadDossier({ invoiceId: id })}
          />
          {late > 0 && restantDu > 0n && (
            <Download
              label={m.facture.miseEnDemeure}
              name={`mise-en-demeure-${numero}.pdf`}
              type="application/pdf"
              isPlain
              pieces={(transport) => createClient(InvoiceService, transport).downloadMiseEnDemeurePdf({ id })}
            />
          )}
        </div>
        {client?.sansRelance && <p className="notice">{m.facture.sansRelance}</p>}
        {client?.emailStatut === StatutEmailClient.ADRESSE_REFUSEE && (
          <p className="notice">{m.facture.adresseRefusee}</p>
        )}
      </div>
      <dl className="figures">
        <div className="main">
          <dt>{m.facture.reste}</dt>
          <dd>{amount(restantDu)}</dd>
        </div>
        <div>
          <dt>{m.facture.total}</dt>
          <dd>{amount(montant)}</dd>
        </div>
        <div>
          <dt>{m.facture.emise}</dt>
          <dd>{day(dateFacture)}</dd>
        </div>
        <div>
          <dt>{m.facture.echeance}</dt>
          <dd>{day(dateEcheance)}</dd>
        </div>
        <div>
          <dt>{m.facture.organisation}</dt>
          <dd>{organisationName(organisationId)}</dd>
        </div>
      </dl>
    </header>
  );
}
