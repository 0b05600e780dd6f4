import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { connectTo } from '@crm/kit';
import { assertKnown } from './assert-known.ts';

// a port without a server
const away = connectTo(OrganisationServiceService, '127.0.0.1:1', () => Promise.resolve(undefined));
afterAll(() => away.close());

const sought = [{ field: 'clientId', entity: 'client', id: 'c', get: () => Promise.resolve({}) }];
const somebody = { sub: 'somebody', issuer: '', service: false };
const call = (more: object = {}) => ({
  caller: somebody,
  isRepeat: () => Promise.resolve(false),
  ...more,
});

test('where organisations are away nobody knows whether one was set up: worth another try', async () => {
  const failed: unknown = await assertKnown(away, call(), 'org', sought).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 14 });
});

test.each([
  ['a call that repeats one that was answered', call({ isRepeat: () => Promise.resolve(true) }), sought],
  ['a call of our own services', call({ caller: { ...somebody, service: true } }), sought],
  ['a request that refers to nothing', call(), [{ ...sought[0]!, id: '' }]],
])('%s asks nobody', async (_, made, references) => {
  expect(await assertKnown(away, made, 'org', references)).toBe(false);
});
