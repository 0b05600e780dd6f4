import { status } from '@grpc/grpc-js';
import { RpcError } from './errors.ts';
import { explainConflict } from './explain-conflict.ts';

const FIELDS = ['id', 'organisationId', 'code', 'keycloakId', 'scheduleId', 'numero'];
const told = (cause: object | undefined): string => {
  const meta = cause && { driverAdapterError: { cause } };
  try {
    return explainConflict('product', FIELDS)(Object.assign(new Error('P'), { code: 'P2002', meta }));
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
    expect((error as RpcError).code).toBe(status.ALREADY_EXISTS);
    return (error as Error).message;
  }
};
const byIndex = (index: string) => told({ table: 'products', constraint: { index } });

test.each([
  ['products_organisation_id_code_key', 'code'],
  ['products_code_key', 'code'],
  ['products_organisation_id_key', 'organisationId'],
  ['products_keycloak_id_key', 'keycloakId'],
  ['products_schedule_id_numero_key', 'scheduleId, numero'],
  ['products_one_by_hand', 'product'],
  ['products_unknown_key', 'product'],
])('%s', (index, fields) => {
  expect(byIndex(index)).toBe(`${fields}: there is one already`);
});

test('columns that are told as such', () => {
  expect(told({ constraint: { fields: ['organisation_id', '"code"'] } })).toBe('code: there is one already');
  expect(told({})).toBe('product: there is one already');
  expect(told(undefined)).toBe('product: there is one already');
});

test('any other error stays what it is', () => {
  const error = Object.assign(new Error('gone'), { code: 'P2025' });
  expect(() => explainConflict('product', FIELDS)(error)).toThrow(error);
});
