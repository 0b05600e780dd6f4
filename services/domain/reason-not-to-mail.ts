import { isEmailAddress } from '@crm/kit';
import { StatutEmailClient, type Client } from '@crm/proto/clients/clients';

type Addressed = Pick<Client, 'email' | 'emailStatut' | 'emailRefuseRaison'>;

/**
 * Why a client cannot get e-mails; empty: they can. An address that was refused for good is not tried again,
 * nor is an invalid one, which can be in old records.
 */
export function reasonNotToMail({ email, emailStatut, emailRefuseRaison }: Addressed): string {
  if (!email) return 'le client n’a pas d’adresse e-mail';
  if (!isEmailAddress(email)) return 'l’adresse e-mail du client n’en est pas une que les serveurs acceptent';
  if (emailStatut !== StatutEmailClient.ADRESSE_REFUSEE) return '';
  return `l’adresse e-mail du client est refusée\u00a0: ${emailRefuseRaison}`;
}
