import { CreateClientRequest } from '@crm/proto/clients/clients';
import { RpcError } from './errors.ts';
import { descriptors, validateMessage } from './validate.ts';

const message = descriptors.getMessage('clients.CreateClientRequest')!;
const faultOf = (fields: object): string => {
  try {
    validateMessage(message, CreateClientRequest.encode(CreateClientRequest.fromPartial(fields)).finish());
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
    return (error as Error).message;
  }
};

test.each([
  ['an empty nom', { nom: '' }, /^nom: must not be blank where there is no raisonSociale$/],
  ['a blank nom', { nom: '   ' }, /^nom: must not be blank$/],
  ['300 characters', { nom: 'x'.repeat(300) }, /^nom: must be at most 100 characters$/],
  ['500 KB', { nom: 'N', prenom: 'x'.repeat(500_000) }, /^prenom: must be at most 100 characters$/],
  ['a wrong e-mail address', { nom: 'N', email: 'not-an-address' }, /^email: must be an e-mail address/],
  ['a reference with a space', { nom: 'N', organisationId: 'org 1' }, /^organisationId: must be 1 to 64/],
  ['two faults', { nom: '', email: 'x' }, /^email: .*; nom: /],
])('%s is refused by the name of the field', (_, fields, fault) => {
  expect(faultOf(fields)).toMatch(fault);
});

test('what the contract shows is accepted', () => {
  expect(faultOf({ nom: 'Test', prenom: 'User', organisationId: 'org-123' })).toBe('');
  expect(faultOf({ nom: 'É'.repeat(100), email: '' })).toBe('');
});

test('bytes that are no protobuf are the caller’s fault', () => {
  expect(() => validateMessage(message, Buffer.from('ffffffff', 'hex'))).toThrow(
    /are not a clients\.CreateClientRequest/,
  );
});
