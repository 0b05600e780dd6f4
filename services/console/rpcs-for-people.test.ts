import { descriptors } from '@crm/kit';
import { PORTS } from '@crm/kit/ports';
import { RPCS } from './rpcs-for-people.ts';

const ours = [...descriptors].filter((desc) => desc.kind === 'service' && packageOf(desc.typeName) in PORTS);

test('every RPC of the protos is for people, or named as not for them', () => {
  const contract = ours.flatMap((desc) =>
    desc.kind === 'service' ? desc.methods.map(({ name }) => `${desc.typeName}/${name}`) : [],
  );
  const named = Object.entries(RPCS).flatMap(([service, { people, notForPeople = [] }]) =>
    [...people, ...notForPeople].map((method) => `${service}/${method}`),
  );
  expect(named.sort()).toEqual(contract.sort());
});

test('what a browser cannot call is not among them: it cannot stream a request', () => {
  for (const desc of ours) {
    if (desc.kind !== 'service') continue;
    const people = desc.methods.filter(({ name }) => RPCS[desc.typeName]!.people.includes(name));
    for (const { name, methodKind } of people)
      expect([desc.typeName, name, methodKind]).toEqual([
        desc.typeName,
        name,
        expect.stringMatching(/^(unary|server_streaming)$/),
      ]);
  }
});

function packageOf(typeName: string): string {
  return typeName.split('.')[0]!;
}
