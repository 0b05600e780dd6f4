import { invalidFields, type FieldFault } from '@crm/kit';
import {
  AdressePostale,
  CategorieOperation,
  type CreateInvoiceRequest,
  type Destinataire,
} from '@crm/proto/factures/factures';
import type { KnownParties } from './parties.ts';

type Asked = Pick<
  CreateInvoiceRequest,
  | 'datePrestation'
  | 'periodeDu'
  | 'periodeAu'
  | 'categorieOperation'
  | 'adresseLivraison'
  | 'numeroCommande'
  | 'mentionTva'
>;

/** What was sold, when and where it was delivered. */
export type Operation = Omit<Asked, 'adresseLivraison'> & { adresseLivraison: AdressePostale | undefined };

/**
 * Checks that there is a day or a period, not both, and that a period has both ends.
 * @throws {RpcError} INVALID_ARGUMENT: `datePrestation`, `periodeDu`, `periodeAu`
 */
export function checkPeriod({ datePrestation, periodeDu, periodeAu }: Asked): void {
  const faults: FieldFault[] = [];
  const fault = (field: string, description: string) => faults.push({ field, description });
  if (datePrestation && (periodeDu || periodeAu))
    fault('datePrestation', 'must be left out where there is a period: periodeDu, periodeAu');
  if (periodeDu && !periodeAu) fault('periodeAu', 'must be told with periodeDu');
  if (periodeAu && !periodeDu) fault('periodeDu', 'must be told with periodeAu');
  if (periodeDu && periodeAu && periodeAu < periodeDu) fault('periodeAu', `must not be before ${periodeDu}`);
  if (faults.length > 0) throw invalidFields(faults);
}

/**
 * The request, completed by the société's defaults and the client's delivery address. Services have no
 * delivery; an address equal to the client's own is not repeated.
 */
export function describeOperation(
  asked: Asked,
  { societe, livraison, destinataire }: KnownParties,
): Operation {
  const categorieOperation =
    asked.categorieOperation === CategorieOperation.UNSPECIFIED && societe?.categorieOperation
      ? (societe.categorieOperation as CategorieOperation)
      : asked.categorieOperation;
  const ofGoods =
    categorieOperation === CategorieOperation.LIVRAISON_BIENS ||
    categorieOperation === CategorieOperation.MIXTE;
  const given = asked.adresseLivraison ?? (ofGoods ? livraison : undefined);
  return {
    datePrestation: asked.datePrestation,
    periodeDu: asked.periodeDu,
    periodeAu: asked.periodeAu,
    categorieOperation,
    numeroCommande: asked.numeroCommande.trim(),
    mentionTva: asked.mentionTva.trim() || (societe?.mentionTva ?? ''),
    adresseLivraison:
      given && !isTheSame(given, destinataire) ? { ...given, pays: given.pays || 'FR' } : undefined,
  };
}

function isTheSame(livraison: AdressePostale, destinataire: Destinataire | undefined): boolean {
  const words = ({ ligne1, ligne2, codePostal, ville, pays }: AdressePostale) =>
    [ligne1, ligne2, codePostal, ville, pays || 'FR'].join(' ').toLowerCase().replace(/\s+/g, ' ').trim();
  return !livraison.nom && !!destinataire?.adresse && words(livraison) === words(destinataire.adresse);
}
