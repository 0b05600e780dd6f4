import { EmailServiceService } from '@crm/proto/email/email';
import { complete } from './connect-to.ts';

test('a field that is undefined is left out, and not sent as the word "undefined"', () => {
  const { sendEmail } = EmailServiceService;
  const request = complete(sendEmail, { sujet: undefined, texte: 'Bonjour' });
  const sent = sendEmail.requestDeserialize(sendEmail.requestSerialize(request as never));
  expect(sent).toMatchObject({ sujet: '', texte: 'Bonjour' });
});
