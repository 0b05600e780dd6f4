import { useQuery } from '@connectrpc/connect-query';
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { InvoiceService, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { PaymentService, StatutPaiement, type Payment } from '../../gen/proto/payments/payments_pb.ts';
import { MotifRejetService } from '../../gen/proto/referentiel/referentiel_pb.ts';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** More payments of one invoice than that are not shown, and the page says so. */
const MOST = 200;
const LONG_MS = 60 * 60_000;

const TONES: Partial<Record<StatutPaiement, string>> = {
  [StatutPaiement.ENCAISSE]: 'good',
  [StatutPaiement.REJETE]: 'bad',
  [StatutPaiement.EMIS]: 'warn',
};

/** What was paid of an invoice, will be debited, came back, or was credited. */
export function Payments({ invoice }: { invoice: Invoice }) {
  const m = useMessages();
  const { id, datePaiement, montantAvoirs, montantRegleAvant } = invoice;
  const { data, error, isPending, refetch } = useQuery(PaymentService.method.list, {
    ...{ invoiceId: id, pageSize: MOST },
  });
  const credits = useQuery(
    InvoiceService.method.listCreditNotes,
    { invoiceId: id, pageSize: MOST },
    { enabled: montantAvoirs > 0n },
  );
  const payments = data?.payments ?? [];
  const notes = credits.data?.creditNotes ?? [];
  const isNone = payments.length === 0 && notes.length === 0 && !datePaiement && montantRegleAvant === 0n;
  return (
    <section className="panel" aria-label={m.paiements.titre}>
      <header>
        <h2>{m.paiements.titre}</h2>
        {data?.nextPageToken && <p className="quiet">{m.paiements.seulement(MOST)}</p>}
      </header>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting lines={2} />
      ) : isNone ? (
        <p className="empty">{m.paiements.aucun}</p>
      ) : (
        <ul className="rows">
          {datePaiement && (
            <li>
              <div className="row-head">
                <span className="what">{m.paiements.marquee(shortDay(datePaiement))}</span>
              </div>
            </li>
          )}
          {montantRegleAvant > 0n && (
            <li>
              <div className="row-head">
                <span className="what">{m.paiements.avant}</span>
                <span className="amount">{amount(montantRegleAvant)}</span>
              </div>
            </li>
          )}
          {payments.map((payment) => (
            <Line key={payment.id} payment={payment} />
          ))}
          {notes.map(({ id: noteId, numero, montant, motif, dateAvoir }) => (
            <li key={noteId}>
              <div className="row-head">
                <span className="what">{m.paiements.avoir(numero)}</span>
                <span className="amount">{amount(montant)}</span>
              </div>
              <p className="quiet">
                {shortDay(dateAvoir)}
                {motif && ` · ${motif}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ payment }: { payment: Payment }) {
  const m = useMessages();
  const { mandatId, montant, statut, datePrevue, dateEmission, dateReception, dateRejet } = payment;
  const { motifRejet, tentative, prenotifiePour, fraisBancaires, avertissements } = payment;
  const { data: reason } = useQuery(
    MotifRejetService.method.get,
    { code: motifRejet },
    { enabled: motifRejet !== '', staleTime: LONG_MS },
  );
  const facts = [
    datePrevue && m.paiements.prevu(shortDay(datePrevue)),
    tentative > 1 && m.paiements.tentative(tentative),
    dateEmission && m.paiements.emis(shortDay(dateEmission)),
    dateReception && m.paiements.recu(shortDay(dayAt(dateReception))),
    dateRejet && m.paiements.rejete(shortDay(dayAt(dateRejet))),
    prenotifiePour && m.paiements.prenotifie(shortDay(prenotifiePour)),
    ...fraisBancaires.map((frais) => m.paiements.frais(amount(frais.montant))),
  ].filter(Boolean);
  return (
    <li>
      <div className="row-head">
        <span className="what">
          {mandatId ? m.paiements.prelevement : m.paiements.paiement}{' '}
          <span className={`mark ${TONES[statut] ?? ''}`}>{m.paiements.statuts[statut]}</span>
        </span>
        <span className="amount">{amount(montant)}</span>
      </div>
      {motifRejet && (
        <p className="text">
          {motifRejet}
          {reason?.connu && ` : ${reason.libelle}`}
        </p>
      )}
      <p className="quiet">{facts.join(' · ')}</p>
      {avertissements.map(({ code, message }) => (
        <p key={code} className="notice">
          {message}
        </p>
      ))}
    </li>
  );
}

const dayAt = (at: Timestamp): string => dayOf(timestampDate(at));
