import { formatDate, formatEuros, instantInParis } from '@crm/domain';
import type { Connected } from '@crm/kit';
import {
  EtatCouverture,
  type CouvertureFacture,
  type PrelevementEnCours,
} from '@crm/proto/payments/payments';
import {
  GenreEvenementRetry,
  SimulateRetriesRequest,
  StatutRetry,
  type PaiementSimule,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import type { Debit } from '../foresee.ts';
import type { Asked, Policy } from './read-request.ts';

/** The RPC of retry that foresees payments; called with the caller's own token. */
export type RetrySource = Pick<Connected<typeof RetryAdminServiceService>, 'simulate'>;

/** A debit of an invoice, what becomes of it, and until when it covers the invoice. */
export type ForeseenDebit = {
  cover: PrelevementEnCours;
  simule: PaiementSimule;
  debit: Debit;
};

/** Fewer than an answer may hold, so that one is there within its deadline. */
const AT_ONCE = 50;
/** The bank's answer is assumed to come at this time. */
const ANSWERED_AT = '12:00';
/** After every simulation. */
const NEVER = new Date('2150-01-01');

/**
 * Foresees the debits under way of invoices: each is rejected to the end, or, where that is asked for, collected at its
 * next presentation.
 * @returns by invoice id
 */
export async function foreseeDebits(
  retries: RetrySource,
  covers: CouvertureFacture[],
  { now, until, motifRejet, encaisses }: Pick<Asked, 'now' | 'until' | 'motifRejet' | 'encaisses'>,
  { reessais }: Policy,
): Promise<Map<string, ForeseenDebit[]>> {
  const all = covers.flatMap(({ invoiceId, prelevements }) =>
    prelevements.map((cover) => ({ invoiceId, cover, answeredAt: answerOf(cover, now) })),
  );
  const foreseen = new Map<string, ForeseenDebit[]>();
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE);
    const request = SimulateRetriesRequest.fromPartial({
      paiements: some.map(({ cover, answeredAt }) => ({ id: cover.paymentId, dateRejet: answeredAt })),
      ...{ motifRejet, jusquA: until, ...(reessais && { politique: reessais }) },
    });
    const { paiements } = await retries.simulate(request);
    for (const [index, { invoiceId, cover, answeredAt }] of some.entries()) {
      const simule = encaisses ? collected(paiements[index]!, cover, answeredAt) : paiements[index]!;
      const debit: Debit = {
        ...{
          montant: cover.montant,
          encaisse: simule.statut === StatutRetry.ENCAISSE,
          libelle: inWords(cover),
        },
        dernierMot: simule.finAt ?? NEVER,
      };
      foreseen.set(invoiceId, [...(foreseen.get(invoiceId) ?? []), { cover, simule, debit }]);
    }
  }
  return foreseen;
}

/** When the bank answers about a debit that it has, or that is planned. */
function answerOf({ date, etat }: PrelevementEnCours, now: Date): Date {
  const isKnown = date && etat !== EtatCouverture.COUVERTURE_A_REPRESENTER;
  const answer = isKnown ? instantInParis(date, ANSWERED_AT) : now;
  return answer > now ? answer : now;
}

/** What becomes of a payment whose next answer of the bank is a collection; as it is where none is to come. */
function collected(simule: PaiementSimule, { etat }: PrelevementEnCours, answeredAt: Date): PaiementSimule {
  const isWithBank = etat === EtatCouverture.COUVERTURE_PREVUE || etat === EtatCouverture.COUVERTURE_REMISE;
  const next = simule.evenements.find(({ genre }) => genre === GenreEvenementRetry.PRESENTATION);
  if (!isWithBank && !next) return simule;
  const finAt = isWithBank ? answeredAt : instantInParis(next!.dateCollecte, ANSWERED_AT);
  const evenements = simule.evenements.filter(
    ({ at, siRejetDe, genre }) => at! < finAt && siRejetDe === 0 && genre !== GenreEvenementRetry.REJET,
  );
  return { ...simule, evenements, statut: StatutRetry.ENCAISSE, motifFin: 'supposé', finAt };
}

/** "le prélèvement de 120,00 € du 3 mars 2026". */
function inWords({ montant, date, etat }: PrelevementEnCours): string {
  const of = date ? ` du ${formatDate(date)}` : '';
  const isAgain = etat === EtatCouverture.COUVERTURE_A_REPRESENTER;
  return isAgain
    ? `la nouvelle présentation du prélèvement de ${formatEuros(montant)}${of}`
    : `le prélèvement de ${formatEuros(montant)}${of}`;
}

/** What a reminder that waited for debits depends on: "si le prélèvement … échoue". Empty: on none. */
export function conditionOf(waitedFor: Pick<Debit, 'libelle' | 'encaisse'>[]): string {
  const [first, ...more] = waitedFor;
  if (!first) return '';
  const what = waitedFor.map(({ libelle }) => libelle).join(' et ');
  if (first.encaisse) return `une fois encaissé ${what}`;
  return more.length > 0 ? `si ${what} échouent` : `si ${what} échoue`;
}
