import { formatDate, formatEuros } from '@crm/domain';
import {
  EtatCouverture,
  type CouvertureFacture,
  type PrelevementEnCours,
} from '@crm/proto/payments/payments';
import type { Relance } from '@crm/proto/relance/relance';
import { hasEnded } from './apply-action.ts';
import { attenteInWords } from './attente-in-words.ts';
import { concerns, isOnApproval, type AttenteRow } from './attente-rows.ts';
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
  const level = one.niveaux.find(({ niveau }) => niveau === one.prochainNiveau);
  const holds = open.filter((hold) => concerns(hold, one) && !(level?.demandee && isOnApproval(hold)));
  const others = holds.filter((hold) => !isOnApproval(hold));
  const waits = [...new Set(holds.map((hold) => attenteInWords(hold)))].join(', ');
  const counts = cover && !level?.malgrePrelevement ? cover : undefined;
  const isCovered = counts !== undefined && counts.montant >= counts.restantDu;
  return {
    attente: [waits, isCovered ? debitsInWords(counts) : ''].filter(Boolean).join(', '),
    montantPreleve: counts?.montant ?? 0n,
    preleveLe: counts?.preleveLe ?? '',
    attenteFinAt: isCovered ? undefined : lastEnd(others.length > 0 ? others : holds),
    surAccord: isCovered || others.length > 0 ? undefined : holds[0],
  };
}

/** When the last one of holds is judged. Undefined: of one of them nobody knows. */
function lastEnd(holds: AttenteRow[]): Date | undefined {
  const ends = holds.flatMap(({ jugementAt }) => (jugementAt ? [jugementAt.getTime()] : []));
  return ends.length > 0 && ends.length === holds.length ? new Date(Math.max(...ends)) : undefined;
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
