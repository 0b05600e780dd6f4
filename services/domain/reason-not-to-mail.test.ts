import { Client, StatutEmailClient } from '@crm/proto/clients/clients';
import { reasonNotToMail } from './reason-not-to-mail.ts';

const client = (fields: object) => Client.fromPartial({ email: 'zoe@example.org', ...fields });

test('an address, unless it was refused for good', () => {
  const raison = { emailRefuseRaison: '550 5.1.1 no such user' };
  expect(reasonNotToMail(client({}))).toBe('');
  expect(reasonNotToMail(client({ ...raison, emailStatut: StatutEmailClient.MESSAGE_REFUSE }))).toBe('');
  expect(reasonNotToMail(client({ ...raison, emailStatut: StatutEmailClient.ADRESSE_REFUSEE }))).toBe(
    'l’adresse e-mail du client est refusée\u00a0: 550 5.1.1 no such user',
  );
  expect(reasonNotToMail(client({ email: 'zoe..m@example.org' }))).toBe(
    'l’adresse e-mail du client n’en est pas une que les serveurs acceptent',
  );
  expect(reasonNotToMail(client({ email: '' }))).toBe('le client n’a pas d’adresse e-mail');
});
