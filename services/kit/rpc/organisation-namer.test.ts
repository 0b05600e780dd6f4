import type { DescMessage } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import { v7 } from 'uuid';
import { notFound, RpcError } from './errors.ts';
import { nameOrganisations, organisationNamer } from './organisation-namer.ts';
import { descriptors } from './validate.ts';

const known = new Map([
  [v7(), 'horizon'],
  [v7(), 'zenith'],
]);
const [horizon, zenith] = [...known.keys()] as [string, string];

function counting(isAway = () => false) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const nameOf = organisationNamer(
    async ({ id }) => {
      asked.push(id);
      if (isAway()) throw new RpcError(status.UNAVAILABLE, 'organisations is away');
      const code = known.get(id);
      if (!code) throw notFound('organisation', id);
      return { code };
    },
    () => clock.now,
  );
  return { asked, nameOf, clock };
}

test('an id becomes the code, which is asked once, by however many at once; codes and others’ names are not asked', async () => {
  const { asked, nameOf } = counting();
  expect(await Promise.all([nameOf(horizon), nameOf(horizon), nameOf(zenith)])).toEqual([
    'horizon',
    'horizon',
    'zenith',
  ]);
  for (const own of ['horizon', 'org-123', 'default', '0a8f7c1e-5d5b-4c0e-9d38-1f5b5f1d1f00'])
    expect(await nameOf(own)).toBe(own);
  expect(await nameOf(horizon)).toBe('horizon');
  expect(asked).toEqual([horizon, zenith]);
});

test('an id that nobody knows stays as it is, and is asked again later', async () => {
  const { asked, nameOf, clock } = counting();
  const stranger = v7();
  expect([await nameOf(stranger), await nameOf(stranger)]).toEqual([stranger, stranger]);
  expect(asked).toHaveLength(1);
  clock.now += 61_000;
  await nameOf(stranger);
  expect(asked).toHaveLength(2);
});

test('without an answer the call fails, and the next one asks again', async () => {
  let isAway = true;
  const { nameOf } = counting(() => isAway);
  const unhandled: unknown[] = [];
  const heard = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', heard);
  await expect(nameOf(horizon)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  // a rejection that nobody handles ends the process
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', heard);
  expect(unhandled).toEqual([]);
  isAway = false;
  expect(await nameOf(horizon)).toBe('horizon');
});

test.each([
  ['clients.CreateClientRequest', { organisationId: horizon }, { organisationId: 'horizon' }],
  ['clients.CreateClientRequest', { organisationId: '' }, { organisationId: '' }],
  // in a message within, or in a list of them
  [
    'relance.PauseManyRequest',
    { filtre: { organisationId: horizon } },
    { filtre: { organisationId: 'horizon' } },
  ],
  ['relance.PauseManyRequest', { filtre: undefined }, { filtre: undefined }],
  [
    'calendar.CalculatePlannedDatesBatchRequest',
    { demandes: [{ organisationId: zenith }, { organisationId: 'autre' }] },
    { demandes: [{ organisationId: 'zenith' }, { organisationId: 'autre' }] },
  ],
  ['organisations.GetOrganisationRequest', { id: horizon }, { id: horizon }],
])('%s', async (type, request, expected) => {
  await nameOrganisations(descriptors.getMessage(type)!, request, counting().nameOf);
  expect(request).toEqual(expected);
});

test('no request names an organisation where it would not be found: in a oneof or a map', () => {
  const names = ({ fields }: DescMessage): boolean =>
    fields.some(({ name, message }) => name === 'organisation_id' || (message && names(message)));
  const faults: string[] = [];
  for (const { services } of descriptors.files)
    for (const { input } of services.flatMap(({ methods }) => methods))
      for (const { message, oneof, fieldKind, name } of input.fields)
        if (message && (oneof || fieldKind === 'map') && names(message))
          faults.push(`${input.typeName}.${name}`);
  expect(faults).toEqual([]);
});
