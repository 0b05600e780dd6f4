import { formatDate, presentationInWords } from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { StatutRetry, StatutTentative, type RetrySchedule } from '@crm/proto/retry/retry';
import { ofDay } from './in-words.ts';
import { isWithin, line, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';
import { atMostLeft, isSettled, numeroOf } from './open-invoices.ts';

/**
 * Retries to come, each with the mail that announces it: the next one, and later ones on condition that the
 * previous one is rejected. The dates are those of the schedule.
 */
export const retryLines = (
  schedules: RetrySchedule[],
  invoices: Invoices,
  window: Window,
): EcheanceAgenda[] =>
  schedules
    .filter(({ invoiceId }) => !isSettled(invoices, invoiceId))
    .flatMap((schedule) => [...linesOf(schedule, invoices, window)])
    .filter((one) => isWithin(window, one));

function* linesOf(schedule: RetrySchedule, invoices: Invoices, window: Window): Generator<EcheanceAgenda> {
  const { organisationId, clientId, invoiceId, paymentId, tentatives } = schedule;
  const coming = tentatives.filter(({ statut }) => statut === StatutTentative.PREVUE);
  const montant = atMostLeft(invoices, invoiceId, schedule.montant);
  const of = invoiceId ? ` pour la facture ${numeroOf(invoices, invoiceId)}` : '';
  for (const [index, attempt] of coming.entries()) {
    const isNext = index === 0 && schedule.statut === StatutRetry.PLANIFIE;
    const numero = attempt.numero + 1;
    const told = isNext ? schedule.annonceAt : attempt.annonceAt;
    const common = {
      ...{ organisationId, clientId, invoiceId, paymentId, montant, numero },
      pourquoi: `${whyOf(schedule, numero)}${attempt.demandee ? ', à la date demandée' : ''}`,
      arret: 'paiement, avoir, annulation, contrat résilié, mandat révoqué, client bloqué',
      condition: isNext ? '' : `si la ${presentationInWords(numero - 1)} est rejetée`,
    };
    const what = `${presentationInWords(numero)} du prélèvement${of}`;
    if (told && told > window.now) {
      const libelle = `Annonce de la ${what}`;
      yield line(window, { ...common, genre: GenreEcheance.MAIL_REESSAI, datePrevue: told, libelle });
    }
    const datePrevue = isNext ? (schedule.prochaineAt ?? attempt.datePrevue!) : attempt.datePrevue!;
    const libelle = `${what} remise à la banque`;
    yield line(window, { ...common, genre: GenreEcheance.REESSAI, datePrevue, libelle });
  }
}

/** "2e présentation après AM04 du 2 mars 2026, politique J+5, J+10, J+20". */
function whyOf({ motifRejet, dateRejet, politique, repriseAt }: RetrySchedule, numero: number): string {
  const delays = (politique?.delaisJours ?? []).map((days) => `J+${days}`).join(', ');
  const resumed = repriseAt ? `, reprise avec un autre mandat le ${formatDate(repriseAt)}` : '';
  return `${presentationInWords(numero)} après ${motifRejet}${ofDay(dateRejet)}, politique ${delays}${resumed}`;
}
