import { formatDate, formatEuros } from '@crm/domain';
import {
  PaymentServiceService,
  type Candidat,
  type CloreLigneInconnueRequest,
} from '@crm/proto/payments/payments';
import { PlainError } from '../plain-error.ts';
import { isId } from './find-invoice.ts';
import type { CallService } from './service-callers.ts';

/**
 * Finds the presented payment that people name for an unknown line: by the number of its invoice, the reference of its
 * contract or mandate, its holder or its EndToEndId.
 * @returns its id; an id is returned as it is
 * @throws {PlainError} there is none, or there are several: it names them
 */
export async function findCandidate(
  call: CallService,
  { rapportId, rang }: Pick<CloreLigneInconnueRequest, 'rapportId' | 'rang'>,
  named: string,
): Promise<string> {
  if (isId(named)) return named;
  const { candidats } = await call('payments', PaymentServiceService).listCandidats({
    ...{ rapportId, rang, recherche: named },
  });
  const exact = candidats.filter((one) => isExact(one, named));
  const meant = new Map((exact.length > 0 ? exact : candidats).map((one) => [one.paiement!.id, one]));
  const [found, ...others] = meant.values();
  if (!found) throw new PlainError(`No payment that was presented to the bank has ${named}.`);
  if (others.length === 0) return found.paiement!.id;
  const which = [found, ...others].map(
    ({ montant, dateCollecte, libelle, titulaire, endToEndId }) =>
      `${formatEuros(montant)} of ${formatDate(dateCollecte)}, ${libelle}, ${titulaire}: ${endToEndId}`,
  );
  throw new PlainError(`Several payments have ${named}. Say which by its EndToEndId: ${which.join('; ')}`);
}

/** Whether the words are all of a reference, not a part of it: F-2026-004 is also a part of F-2026-0042. */
const isExact = ({ libelle, rum, endToEndId }: Candidat, named: string): boolean =>
  [libelle.replace(/^(Facture|Contrat) /, ''), rum, endToEndId].some(
    (one) => one.toLowerCase() === named.toLowerCase(),
  );
