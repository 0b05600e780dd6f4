import {
  ClientBaseServiceService,
  CreateClientRequest,
  ListClientsRequest,
  TypeClient,
} from '@crm/proto/clients/clients';
import type { ServiceName } from '@crm/kit';
import { SendEmailWithTemplateRequest } from '@crm/proto/email/email';
import { CreateOrganisationRequest } from '@crm/proto/organisations/organisations';
import { bearer, rawCall } from '../support/raw-call.ts';
import { readRefusal } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);

afterAll(() => stack.close());

const send = (method: string, bytes: Uint8Array) =>
  call('clients', `/clients.ClientBaseService/${method}`, bytes);

async function call(service: ServiceName, path: string, bytes: Uint8Array) {
  const headers = bearer(await stack.token());
  return readRefusal(await rawCall(stack.address(service), path, { bytes, headers }));
}

/** What exists for an organisation: rows, and events in the outbox. */
async function traces(organisationId: string): Promise<number> {
  const rows = await stack.sql(
    `SELECT 1 FROM clients.clients WHERE organisation_id = $1
     UNION ALL SELECT 1 FROM events.outbox WHERE position($1::text::bytea IN payload) > 0`,
    organisationId,
  );
  return rows.length;
}

const encode = (fields: Partial<CreateClientRequest>) =>
  CreateClientRequest.encode(CreateClientRequest.fromPartial(fields)).finish();

test.each<[string, string, Partial<CreateClientRequest>]>([
  ['an empty nom', 'nom', { nom: '' }],
  ['a blank nom', 'nom', { nom: '   ' }],
  ['a nom of 300 characters', 'nom', { nom: 'é'.repeat(300) }],
  ['a nom of 500 KB', 'nom', { nom: 'x'.repeat(500_000) }],
  ['a nom with a NUL', 'nom', { nom: 'Du\0pont' }],
  ['a nom of two lines', 'nom', { nom: 'Dupont\nBcc: tous@exemple.test' }],
  ['a prenom of 500 KB', 'prenom', { nom: 'N', prenom: 'x'.repeat(500_000) }],
  ['a prenom of two lines', 'prenom', { nom: 'N', prenom: 'a\r\nb' }],
  ['a wrong e-mail', 'email', { nom: 'N', email: 'pas une adresse' }],
  ['an e-mail of 300 characters', 'email', { nom: 'N', email: `${'x'.repeat(290)}@exemple.test` }],
  ['two e-mails', 'email', { nom: 'N', email: 'a@exemple.test, b@exemple.test' }],
  ['a wrong telephone', 'telephone', { nom: 'N', telephone: 'allô' }],
  ['a wrong gestionnaireId', 'gestionnaireId', { nom: 'N', gestionnaireId: 'a/b' }],
])('%s is refused, and the field named', async (_, field, fields) => {
  const organisationId = unique('org');
  const refusal = await send('Create', encode({ organisationId, ...fields }));
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
  expect(refusal.violations[0]!.description).not.toBe('');
  expect(refusal.message).toContain(field);
  expect(await traces(organisationId)).toBe(0);
});

test('an unknown type is refused, and the field named', async () => {
  const organisationId = unique('org');
  const type99 = Buffer.from([6 << 3, 99]); // an enum value that the contract does not have
  const refusal = await send('Create', Buffer.concat([encode({ organisationId, nom: 'N' }), type99]));
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'type' }] });
  expect(await traces(organisationId)).toBe(0);
});

test('every field at fault is named at once', async () => {
  const { violations } = await send('Create', encode({ organisationId: 'a b', nom: '', email: '@' }));
  expect(violations.map(({ field }) => field).sort()).toEqual(['email', 'nom', 'organisationId']);
});

test('a great many faults are counted, the first of them named', async () => {
  const membreIds = Array.from({ length: 490 }, (_, at) => `a ${at}`);
  const request = CreateOrganisationRequest.fromPartial({ nom: 'O', membreIds });
  const path = '/organisations.OrganisationService/Create';
  const refusal = await call('organisations', path, CreateOrganisationRequest.encode(request).finish());
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(refusal.violations[9]!.field).toBe('membreIds[9]');
  expect(refusal.message).toMatch(/; and 4\d\d more$/);
});

test('the key of a map is named, however long it is', async () => {
  const variables = { ['é'.repeat(70_000)]: 'x' };
  const request = SendEmailWithTemplateRequest.fromPartial({ destinataire: 'a@exemple.test', variables });
  const path = '/email.EmailService/SendEmailWithTemplate';
  const refusal = await call('email', path, SendEmailWithTemplateRequest.encode(request).finish());
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(refusal.message).toMatch(/variables\["é{50}/);
});

test('over 1 MB is too much', async () => {
  const organisationId = unique('org');
  const refusal = await send('Create', encode({ organisationId, nom: 'x'.repeat(1_100_000) }));
  expect(refusal.code).toBe('RESOURCE_EXHAUSTED');
  expect(await traces(organisationId)).toBe(0);
});

test.each([
  ['bytes that are no protobuf', Buffer.from('ffffffff', 'hex')],
  ['a message cut short', encode({ nom: 'Coupée', organisationId: 'org' }).slice(0, -2)],
  ['text that is no UTF-8', Buffer.from('1202c328', 'hex')],
])('%s: the caller’s fault', async (_, bytes) => {
  const refusal = await send('Create', bytes);
  expect(refusal.code).toBe('INVALID_ARGUMENT');
  expect(refusal.message).toContain('clients.CreateClientRequest');
});

test('of a field that is told twice the last one counts, for the rules and for what is kept', async () => {
  const organisationId = unique('org');
  const type = (value: number) => Buffer.from([6 << 3, value]);
  const nom = (letter: string) => encode({ nom: letter });
  const of = encode({ organisationId });
  const taken = await send('Create', Buffer.concat([of, nom('A'), type(99), type(1), nom('B')]));
  expect(taken).toMatchObject({ code: 'OK' });
  const { clients: kept } = await clients.list({ organisationId });
  expect(kept).toMatchObject([{ nom: 'B', type: TypeClient.PARTICULIER }]);
  const refused = await send('Create', Buffer.concat([of, nom('N'), type(1), type(99)]));
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'type' }] });
});

test('a bad Update changes nothing', async () => {
  const { id } = await clients.create({ organisationId: unique('org'), nom: 'Intacte' });
  await expect(clients.update({ id, nom: ' ', prenom: 'Nouveau' })).rejects.toMatchObject({ code: 3 });
  expect(await clients.get({ id })).toMatchObject({ nom: 'Intacte', prenom: '' });
});

test.each<[string, Partial<ListClientsRequest>]>([
  ['pageSize', { pageSize: -1 }],
  ['pageSize', { pageSize: 201 }],
  ['pageToken', { pageToken: 'a b' }],
  ['pageToken', { pageToken: Buffer.from("' OR 1=1").toString('base64url') }],
])('a List with a wrong %s is refused', async (field, fields) => {
  const bytes = ListClientsRequest.encode(ListClientsRequest.fromPartial(fields)).finish();
  expect(await send('List', bytes)).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
});
