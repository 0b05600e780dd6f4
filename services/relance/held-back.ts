import { formatDate, formatEuros } from '@crm/domain';
import { knownOf, type Connected } from '@crm/kit';
import {
  EtatCouverture,
  type CouvertureFacture,
  type PaymentServiceService,
  type PrelevementEnCours,
} from '@crm/proto/payments/payments';
import type { Relance } from '@crm/proto/relance/relance';
import { hasEnded } from './apply-action.ts';
import { inWords, type Attentes } from './attentes.ts';
import type { RelanceRow } from './relance-rows.ts';

/** The RPC of payments that tells the debits under way; called with the caller's own token. */
export type DebitSource = Pick<Connected<typeof PaymentServiceService>, 'getCouvertures'>;

type Reminders = Pick<
  RelanceRow,
  'organisationId' | 'clientId' | 'invoiceId' | 'statut' | 'niveaux' | 'prochainNiveau'
>;

/** What holds reminders back, and what debits take of their invoice. */
export type Held = Pick<Relance, 'attente' | 'montantPreleve' | 'preleveLe'>;

const NOTHING: Held = { attente: '', montantPreleve: 0n, preleveLe: '' };

/**
 * Reads what holds back reminders, for a whole page at once: holds that wait for a person (`attentes.ts`),
 * and debits under way that cover what is left of the invoice. Reminders that have ended are not held back.
 * @throws {RpcError} UNAVAILABLE: activites or payments is away
 */
export type HeldBack = (of: Reminders[]) => Promise<(one: Reminders) => Held>;

export const heldBack =
  (attentes: Attentes, payments: DebitSource): HeldBack =>
  async (all) => {
    const running = all.filter((one) => !hasEnded(one));
    const [open, covers] = await Promise.all([attentes.open(running), coversOf(payments, running)]);
    return (one) => (hasEnded(one) ? NOTHING : held(one, inWords(open, one), covers.get(one.invoiceId)));
  };

/** What debits under way take of invoices, by invoice id. */
export async function coversOf(
  payments: DebitSource,
  of: { invoiceId: string }[],
): Promise<Map<string, CouvertureFacture>> {
  return await knownOf(
    of.map(({ invoiceId }) => invoiceId),
    async ({ ids: invoiceIds }) => ({
      ...(await payments.getCouvertures({ invoiceIds })),
      nextPageToken: '',
    }),
    ({ couvertures }) => couvertures.map((cover) => ({ id: cover.invoiceId, ...cover })),
  );
}

/** What holds back one invoice's reminders. `waits`: the client's holds in words. */
export function held(one: Reminders, waits: string, cover: CouvertureFacture | undefined): Held {
  const level = one.niveaux.find(({ niveau }) => niveau === one.prochainNiveau);
  if (!cover || level?.malgrePrelevement) return { ...NOTHING, attente: waits };
  const attente = [waits, cover.montant >= cover.restantDu ? debitsInWords(cover) : '']
    .filter(Boolean)
    .join(', ');
  return { attente, montantPreleve: cover.montant, preleveLe: cover.preleveLe };
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
