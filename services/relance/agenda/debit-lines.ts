import { amountToDebit, dateInParis, formatDate, formatDays, NBSP, presentationInWords } from '@crm/domain';
import { StatutPaiement, type Payment, type Prelevement } from '@crm/proto/payments/payments';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { isWithin, lineOfDay, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';
import { numeroOf } from './open-invoices.ts';

/**
 * Debits on their collection day, and the mails that announce them. The debits of one invoice take what is
 * left of it, in order of their days; one with nothing left does not take place.
 * @param taken what debits that are not among these take before them, by invoice id; in cents
 */
export function debitLines(
  prelevements: Prelevement[],
  invoices: Invoices,
  window: Window,
  taken?: Map<string, bigint>,
): EcheanceAgenda[] {
  const left = new Map([...invoices].map(([id, { restantDu }]) => [id, restantDu - (taken?.get(id) ?? 0n)]));
  const inOrder = prelevements.toSorted((a, b) => order(a.paiement!).localeCompare(order(b.paiement!)));
  return inOrder
    .flatMap((prelevement) => {
      const { invoiceId, ...debit } = prelevement.paiement!;
      const most = left.get(invoiceId);
      const montant = most === undefined ? debit.montant : amountToDebit(debit, most);
      if (most !== undefined) left.set(invoiceId, most - montant);
      return montant > 0n ? [...linesOf(prelevement, montant, invoices, window)] : [];
    })
    .filter((one) => isWithin(window, one));
}

/** Debits that are with the bank come first, whatever their day. */
const order = ({ statut, datePrevue, id }: Payment): string =>
  `${statut === StatutPaiement.EMIS ? 0 : 1} ${datePrevue} ${id}`;

function* linesOf(
  { paiement, prenotificationLe, prenotificationJours, rum }: Prelevement,
  montant: bigint,
  invoices: Invoices,
  window: Window,
): Generator<EcheanceAgenda> {
  const { id: paymentId, organisationId, clientId, invoiceId, contratId, statut, ...payment } = paiement!;
  const { datePrevue, tentative: numero } = payment;
  const ids = { organisationId, clientId, invoiceId, paymentId, contratReference: contratId };
  const common = { ...ids, montant, numero };
  const facture = invoiceId ? ` de la facture ${numeroOf(invoices, invoiceId)}` : '';
  const isWithBank = statut === StatutPaiement.EMIS;
  const stops = 'facture réglée ou avoir, mandat révoqué, contrat résilié';
  if (prenotificationLe && datePrevue >= dateInParis(window.now)) {
    yield lineOfDay(window, prenotificationLe, {
      ...common,
      genre: GenreEcheance.MAIL_PRENOTIFICATION,
      libelle: `Avis du prélèvement du ${formatDate(datePrevue)}${facture}`,
      pourquoi: `${formatDays(prenotificationJours)} avant le prélèvement, mandat ${rum}`,
      arret: stops,
    });
  }
  const origin = contratId ? `échéance du contrat ${contratId}` : `paiement prévu${facture}`;
  const again = payment.motifRejet ? ` après ${payment.motifRejet}` : '';
  const first = numero === 1 ? origin : `${presentationInWords(numero)}${again}, ${origin}`;
  yield lineOfDay(window, datePrevue, {
    ...common,
    genre: GenreEcheance.PRELEVEMENT,
    libelle: `Prélèvement${facture}${isWithBank ? ', remis à la banque' : ''}`,
    pourquoi: `${first}, mandat ${rum}`,
    arret: isWithBank ? `rien${NBSP}: la banque l’a reçu` : stops,
  });
}
