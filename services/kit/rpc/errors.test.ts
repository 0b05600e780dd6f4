import { Metadata, status } from '@grpc/grpc-js';
import { BadRequest, Status } from '@crm/proto/google/rpc/status';
import {
  conflict,
  failedPrecondition,
  invalid,
  invalidFields,
  notFound,
  notFoundFields,
  toStatus,
} from './errors.ts';

test('each kind of error has its status', () => {
  expect(toStatus(invalid('montant', 'must be positive'))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: 'montant: must be positive',
  });
  expect(toStatus(notFound('invoice', 'f-1'))).toMatchObject({
    code: status.NOT_FOUND,
    details: 'invoice f-1 not found',
  });
  expect(toStatus(conflict('twice')).code).toBe(status.ALREADY_EXISTS);
  expect(toStatus(failedPrecondition('PAID', 'it is paid')).code).toBe(status.FAILED_PRECONDITION);
});

test('the trailer holds google.rpc details that any client decodes', () => {
  const [trailer] = toStatus(invalid('nom', 'must not be blank')).metadata.get('grpc-status-details-bin');
  const rich = Status.decode(trailer as Buffer);
  expect(rich).toMatchObject({ code: status.INVALID_ARGUMENT, message: 'nom: must not be blank' });
  expect(rich.details[0]!.typeUrl).toBe('type.googleapis.com/google.rpc.BadRequest');
  expect(BadRequest.decode(rich.details[0]!.value).fieldViolations).toEqual([
    { field: 'nom', description: 'must not be blank' },
  ]);
});

const many = Array.from({ length: 490 }, (_, index) => index);

test.each([
  ['faults', invalidFields(many.map((at) => ({ field: `ids[${at}]`, description: 'must be a reference' })))],
  [
    'references',
    notFoundFields(many.map((at) => ({ field: `ids[${at}]`, entity: 'client', id: 'c'.repeat(64) }))),
  ],
  ['letters', invalid(`variables["${'é'.repeat(70_000)}"]`, `must not be ${'x'.repeat(70_000)}`)],
])('a refusal of very many %s fits into the headers that clients take', (what, refusal) => {
  const { details, metadata } = toStatus(refusal);
  const [trailer] = metadata.get('grpc-status-details-bin') as Buffer[];
  expect(encodeURI(details).length + trailer!.toString('base64').length).toBeLessThan(8 * 1024);
  if (what === 'letters') return;
  expect(details).toMatch(/^ids\[0\]: .*; ids\[9\]: .*; and 4\d\d more$/);
  const rich = Status.decode(trailer!).details.at(-1)!;
  expect(BadRequest.decode(rich.value).fieldViolations[9]).toMatchObject({ field: 'ids[9]' });
});

test('nothing internal leaks', () => {
  expect(toStatus(new Error('password=hunter2'))).toMatchObject({
    code: status.INTERNAL,
    details: 'internal error',
  });
  expect(toStatus('a string')).toMatchObject({ code: status.INTERNAL });
  const broken = new Error('Database error. Code: `22P02`. Message: `invalid input syntax`');
  expect(toStatus(broken)).toMatchObject({ code: status.INTERNAL, details: 'internal error' });
});

test('a database that is away is worth another attempt, and is not named', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
  const wrapped = new Error('query failed', { cause: refused });
  const errors = [
    new Error('terminating connection', { cause: { kind: 'postgres', code: '57P01' } }),
    ...[refused, wrapped, new Error('Client has encountered a connection error and is not queryable')],
    new Error('Invalid `prisma.tache.findMany()` invocation:\n\nDatabase error. Code: `57P03`. Message: `…`'),
    ...['P1001', '57P01', '08006', '53300', '25006'].map((code) => Object.assign(new Error('x'), { code })),
  ];
  for (const error of errors) {
    expect(toStatus(error)).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'the database is not available',
    });
  }
});

test('what another service refused is passed on as it said it; one that is away is not named', () => {
  const answered = (code: status, details: string, metadata: Metadata) =>
    Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
  const refused = toStatus(invalid('pageToken', 'must be a token'));
  const passedOn = toStatus(answered(refused.code, refused.details, refused.metadata));
  expect({ ...passedOn, metadata: passedOn.metadata.getMap() }).toEqual({
    ...refused,
    metadata: refused.metadata.getMap(),
  });
  const away = answered(status.UNAVAILABLE, 'connect ECONNREFUSED 10.0.0.7:50059', new Metadata());
  expect(toStatus(away)).toMatchObject({
    code: status.UNAVAILABLE,
    details: 'a service that this one needs is not available',
  });
  const broken = answered(status.INTERNAL, 'internal error', new Metadata());
  expect(toStatus(broken)).toMatchObject({ code: status.INTERNAL, details: 'internal error' });
});

test('half a character in a message, which grpc-js cannot send, is replaced', () => {
  const { details } = toStatus(invalid('devise', 'must be EUR, not \ud800'));
  expect(encodeURI(details)).toContain('%EF%BF%BD');
});
