import { StatutEmailClient, type Client } from '@crm/proto/clients/clients';

/** Why a client cannot be sent e-mails; empty: they can. An address that was refused for good is not tried again. */
export function reasonNotToMail({ email, emailStatut, emailRefuseRaison }: Client): string {
  if (!email) return 'le client n’a pas d’adresse e-mail';
  if (emailStatut !== StatutEmailClient.ADRESSE_REFUSEE) return '';
  return `l’adresse e-mail du client est refusée\u00a0: ${emailRefuseRaison}`;
}
