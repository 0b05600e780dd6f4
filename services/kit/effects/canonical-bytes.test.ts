import { fromBinary, type DescMessage } from '@bufbuild/protobuf';
import { CreateClientRequest } from '@crm/proto/clients/clients';
import { SendEmailWithTemplateRequest } from '@crm/proto/email/email';
import { ErrorInfo } from '@crm/proto/google/rpc/status';
import { canonicalBytes } from './canonical-bytes.ts';
import { idempotencyKey } from './once.ts';
import { descriptors } from '../rpc/validate.ts';

const decoded = (desc: DescMessage, bytes: Uint8Array) => ({ desc, bytes, message: fromBinary(desc, bytes) });
const canonical = (desc: DescMessage, bytes: Uint8Array) => canonicalBytes(decoded(desc, bytes));

const email = descriptors.getMessage('email.SendEmailWithTemplateRequest')!;
/** The bytes of a request with its variables in this order. */
const bytesOf = (...variables: [string, string][]) =>
  SendEmailWithTemplateRequest.encode(
    SendEmailWithTemplateRequest.fromPartial({
      destinataire: 'a@exemple.fr',
      modele: 'rappel',
      variables: Object.fromEntries(variables),
    }),
  ).finish();

test('the order of a map’s entries is no difference, their values are', () => {
  const one = bytesOf(['nom', 'Zoé'], ['montant', '12'], ['b', '']);
  const two = bytesOf(['b', ''], ['montant', '12'], ['nom', 'Zoé']);
  expect(one).not.toEqual(two);
  expect(canonical(email, one)).toEqual(canonical(email, two));
  const other = bytesOf(['nom', '12'], ['montant', 'Zoé'], ['b', '']);
  expect(canonical(email, other)).not.toEqual(canonical(email, one));
  expect(SendEmailWithTemplateRequest.decode(canonical(email, one))).toEqual(
    SendEmailWithTemplateRequest.decode(one),
  );
});

test('so it is for the digest of an idempotency key', async () => {
  const caller = { issuer: 'i', sub: 's', roles: [], service: false } as never;
  const digest = async (bytes: Uint8Array) => {
    const get = (name: string) => (name === 'idempotency-key' ? 'k' : undefined);
    const key = idempotencyKey(get, caller, '/email', decoded(email, bytes));
    return key?.kind === 'caller' && Buffer.from(await key.digest()).toString('hex');
  };
  expect(await digest(bytesOf(['a', '1'], ['b', '2']))).toBe(await digest(bytesOf(['b', '2'], ['a', '1'])));
  expect(await digest(bytesOf(['a', '1']))).not.toBe(await digest(bytesOf(['a', '2'])));
});

test('messages without maps stay the bytes they are', () => {
  const bytes = CreateClientRequest.encode(CreateClientRequest.fromPartial({ nom: 'Zoé' })).finish();
  expect(canonical(descriptors.getMessage('clients.CreateClientRequest')!, bytes)).toBe(bytes);
});

test('a message that another has is put in order, too', () => {
  const info = descriptors.getMessage('google.rpc.ErrorInfo')!;
  const health = descriptors.getMessage('grpc.health.v1.HealthListResponse');
  const metadata = (value: Record<string, string>) =>
    canonical(info, ErrorInfo.encode(ErrorInfo.fromPartial({ metadata: value })).finish());
  expect(metadata({ b: '1', a: '2' })).toEqual(metadata({ a: '2', b: '1' }));
  if (!health) return;
  // a map of messages: field 1, its entries "b" and "a", each with an empty status
  const entry = (key: string) => [10, 5, 10, 1, key.charCodeAt(0), 18, 0];
  const inOrder = (...keys: string[]) => canonical(health, Uint8Array.from(keys.flatMap(entry)));
  expect(inOrder('b', 'a')).toEqual(inOrder('a', 'b'));
});
