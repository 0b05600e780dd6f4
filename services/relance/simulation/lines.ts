import { formatEuros, NBSP, presentationInWords } from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { GenreEvenementRetry, type EvenementRetry } from '@crm/proto/retry/retry';
import { line, type Window } from '../agenda/line.ts';
import { numeroOf } from '../agenda/open-invoices.ts';
import { heldLine, reminderLine, type Running, type ToTell } from '../agenda/reminder-lines.ts';
import { isMail } from '../apply-action.ts';
import type { Coming, Debit } from '../foresee.ts';
import type { Invoices } from '../read-invoices.ts';
import { conditionOf, type ForeseenDebit } from './debits.ts';

/** Reminders to foresee, and the holds on them in words. */
export type Held = Running & { attente: string };

/** A reminder to come, as far as its entry says it. */
type Foreseen = ToTell &
  Pick<Coming, 'montant' | 'way'> & {
    one: Pick<Held, 'attente'>;
    along: { row: Pick<Held['row'], 'invoiceId'> } | undefined;
    waitedFor: Pick<Debit, 'libelle' | 'encaisse'>[];
  };

/** The entry of a foreseen reminder: what it asks for, what it depends on, and why it does not go out. */
export function foreseenReminder(coming: Foreseen, invoices: Invoices, window: Window): EcheanceAgenda {
  const { one, level, montant, way, waitedFor } = coming;
  const held = heldLine(reminderLine(coming, invoices, window), one);
  const told = { ...held, montant, motifSaut: way.by === 'saut' ? way.motif : '' };
  if (way.by === 'tache' && isMail(level)) {
    told.genre = GenreEcheance.TACHE;
    told.libelle = `Tâche${NBSP}: ${told.libelle}`;
    told.pourquoi += `, ${way.motif}`;
  }
  if (coming.along) {
    const { invoiceId } = coming.along.row;
    told.dansLeMailDe = invoiceId;
    told.pourquoi += `, dans le mail de la relance de la facture ${numeroOf(invoices, invoiceId)}`;
  }
  const conditions = [told.condition, conditionOf(waitedFor)].filter(Boolean);
  return { ...told, condition: conditions.join('; ') };
}

/** What causes each kind of mail about a retry. */
const MAILS: Record<string, string> = {
  'avant-reessai': 'Annonce de la',
  prenotification: 'Avis de la',
  'reessai-echoue': 'Mail du rejet de la',
  'reessais-epuises': 'Mail de la fin des représentations, après la',
};

const GENRES: Partial<Record<GenreEvenementRetry, GenreEcheance>> = {
  [GenreEvenementRetry.MAIL]: GenreEcheance.MAIL_REESSAI,
  [GenreEvenementRetry.PRESENTATION]: GenreEcheance.REESSAI,
};

/** The entries of a debit that is presented again: its mails and its presentations. */
export const foreseenRetries = (
  { simule, cover }: ForeseenDebit,
  whose: Pick<EcheanceAgenda, 'organisationId' | 'clientId' | 'invoiceId'>,
  invoice: string,
  window: Window,
): EcheanceAgenda[] =>
  simule.evenements.flatMap((event) => {
    const genre = GENRES[event.genre];
    if (!genre) return [];
    return line(window, {
      ...{ ...whose, genre, paymentId: cover.paymentId, montant: cover.montant, numero: event.numero },
      datePrevue: event.at!,
      libelle: nameOf(event, invoice),
      pourquoi: event.genre === GenreEvenementRetry.MAIL ? `mail ${event.pourquoi}` : event.pourquoi,
      arret: 'paiement, avoir, annulation, contrat résilié, mandat révoqué, client bloqué',
      condition: event.siRejetDe > 0 ? `si la ${presentationInWords(event.siRejetDe)} est rejetée` : '',
    });
  });

function nameOf({ genre, numero, pourquoi }: EvenementRetry, invoice: string): string {
  const what = `${presentationInWords(numero)} du prélèvement pour la facture ${invoice}`;
  if (genre === GenreEvenementRetry.MAIL) return `${MAILS[pourquoi] ?? `Mail ${pourquoi} de la`} ${what}`;
  return `${what} remise à la banque`;
}

/** "Relance J+15 de la facture F-2026-0042 (1 200,00 €)". */
export const named = ({ libelle, montant, motifSaut }: EcheanceAgenda): string =>
  [libelle, montant > 0n ? ` (${formatEuros(montant)})` : '', motifSaut && `${NBSP}: ${motifSaut}`].join('');
