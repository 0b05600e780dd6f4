import { clientName, contactName } from '@crm/domain';
import type { AdressePostale, Destinataire } from '@crm/proto/factures/factures';

const COUNTRIES = new Intl.DisplayNames('fr', { type: 'region' });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The lines of a postal address as the post wants them: town and country in capitals, France omitted. */
export const postalLines = ({ ligne1, ligne2, codePostal, ville, pays }: AdressePostale): string[] =>
  [
    ligne1,
    ligne2,
    `${codePostal} ${ville.toLocaleUpperCase('fr')}`,
    pays && pays !== 'FR' ? (COUNTRIES.of(pays) ?? pays).toLocaleUpperCase('fr') : '',
  ]
    .map((line) => line.trim())
    .filter(Boolean);

/** The recipient of a document in lines, name first. */
export function addressee(destinataire: Destinataire | undefined, clientId: string): string[] {
  // a reference from another system tells people something, one of our ids does not
  if (!destinataire) return [UUID.test(clientId) ? 'Client' : `Client ${clientId}`];
  const contact = contactName(destinataire);
  return [
    clientName(destinataire),
    ...(contact ? [`À l’attention de ${contact}`] : []),
    ...(destinataire.adresse ? postalLines(destinataire.adresse) : []),
  ];
}
