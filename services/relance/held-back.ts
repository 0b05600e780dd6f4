import { formatDate, formatEuros, startOfDay } from '@crm/domain';
import {
  EtatCouverture,
  type CouvertureFacture,
  type PrelevementEnCours,
} from '@crm/proto/payments/payments';
import type { Relance } from '@crm/proto/relance/relance';
import { hasEnded, plannedLevel } from './apply-action.ts';
import { attenteInWords } from './attente-in-words.ts';
import { concerns, isOnApproval, isPromise, promisedOf, type AttenteRow } from './attente-rows.ts';
import type { Attentes } from './attentes.ts';
import { coversOf, type DebitSource } from './covers-of.ts';
import type { RelanceRow } from './relance-rows.ts';

type Reminders = Pick<
  RelanceRow,
  'organisationId' | 'clientId' | 'invoiceId' | 'statut' | 'niveaux' | 'prochainNiveau'
>;

/** What holds reminders back, and what debits take of their invoice. */
export type Held = Pick<Relance, 'attente' | 'montantPreleve' | 'preleveLe'> & {
  attenteFinAt?: Date | undefined;
  /** The same if nothing is paid: a promise is broken after its days of grace only. */
  finSansPaiement?: Date | undefined;
  /** The account manager is asked before a level is sent, and nothing else holds it. */
  surAccord?: AttenteRow | undefined;
};

const NOTHING: Held = { attente: '', montantPreleve: 0n, preleveLe: '' };

/**
 * Reads what holds back reminders, for a whole page at once: holds (`attentes.ts`), and debits under way that cover what is left of the invoice. Reminders that have ended are not held back.
 * @throws {RpcError} UNAVAILABLE: activites or payments is away
 */
export type HeldBack = (of: Reminders[]) => Promise<(one: Reminders) => Held>;

export const heldBack =
  (attentes: Attentes, payments: DebitSource): HeldBack =>
  async (all) => {
    const running = all.filter((one) => !hasEnded(one));
    const [open, covers] = await Promise.all([attentes.open(running), coversOf(payments, running)]);
    return (one) => (hasEnded(one) ? NOTHING : held(one, open, covers.get(one.invoiceId)));
  };

/** What holds back one invoice's reminders. `open`: holds in force. */
export function held(one: Reminders, open: AttenteRow[], cover: CouvertureFacture | undefined): Held {
  const level = plannedLevel(one);
  const holds = open.filter((hold) => concerns(hold, one) && !(level?.demandee && isOnApproval(hold)));
  const others = holds.filter((hold) => !isOnApproval(hold));
  const waits = [...new Set(holds.map((hold) => attenteInWords(hold)))].join(', ');
  const counts = cover && !level?.malgrePrelevement ? cover : undefined;
  const isCovered = counts !== undefined && counts.montant >= counts.restantDu;
  const ending = isCovered ? [] : others.length > 0 ? others : holds;
  return {
    attente: [waits, isCovered ? debitsInWords(counts) : ''].filter(Boolean).join(', '),
    montantPreleve: counts?.montant ?? 0n,
    preleveLe: counts?.preleveLe ?? '',
    attenteFinAt: lastOf(ending.map(({ jugementAt }) => jugementAt)),
    finSansPaiement: lastOf(ending.map(endUnpaid)),
    surAccord: isCovered || others.length > 0 ? undefined : holds[0],
  };
}

/** When a hold ends if nothing is paid: of a promise, when its next payment is late. */
function endUnpaid(hold: AttenteRow): Date | null {
  const { jugementAt } = hold;
  if (!jugementAt || !isPromise(hold)) return jugementAt;
  const late = promisedOf(hold).map(({ retardLe }) => startOfDay(retardLe));
  return late.find((at) => at >= jugementAt) ?? jugementAt;
}

/** The last of some instants. Undefined: there are none, or nobody knows one of them. */
function lastOf(ends: (Date | null)[]): Date | undefined {
  const known = ends.flatMap((end) => (end ? [end.getTime()] : []));
  return known.length > 0 && known.length === ends.length ? new Date(Math.max(...known)) : undefined;
}

const debitsInWords = ({ prelevements }: CouvertureFacture): string =>
  prelevements.map(debitInWords).join(', ');

/** "prélèvement de 120,00 € prévu le 3 mars 2026". */
function debitInWords({ etat, montant, date }: PrelevementEnCours): string {
  const debit = `prélèvement de ${formatEuros(montant)}`;
  switch (etat) {
    case EtatCouverture.COUVERTURE_REMISE:
      return `${debit} du ${formatDate(date)}, remis à la banque`;
    case EtatCouverture.COUVERTURE_A_REPRESENTER:
      return `nouvelle présentation du ${debit} prévue le ${formatDate(date)}`;
    case EtatCouverture.COUVERTURE_REJETEE:
      return `${debit} rejeté, suite à venir`;
    default:
      return `${debit} prévu le ${formatDate(date)}`;
  }
}
