import { isChild, isExternal, NEEDS, PARTS, portsOf, selectParts } from './parts.ts';
import { serverPorts } from './ports.ts';

test('what a part needs comes before it, so that it can be waited for', () => {
  for (const part of PARTS) {
    for (const need of NEEDS[part]) expect(PARTS.indexOf(need)).toBeLessThan(PARTS.indexOf(part));
  }
});

test('our processes bring the steps before them, a server brings nothing', () => {
  expect(selectParts(['postgres', 'services'])).toEqual(['postgres', 'code', 'migrations', 'services']);
  expect(selectParts(['console'])).toEqual(['code', 'migrations', 'pages', 'console']);
  expect(selectParts(['nats'])).toEqual(['nats']);
  expect(selectParts()).toEqual(PARTS);
});

test('a server named in the environment is not ours to start', () => {
  expect(isExternal('postgres', { DATABASE_URL: 'postgresql://elsewhere' })).toBe(true);
  expect(isExternal('postgres', { DATABASE_URL: '' })).toBe(false);
  expect(isExternal('services', { DATABASE_URL: 'postgresql://elsewhere' })).toBe(false);
});

test('no two children listen on the same port', () => {
  const children = PARTS.filter((part) => isChild(part));
  const ports = children.flatMap((name) => Object.values(portsOf(name, serverPorts(0), { clients: 50052 })));
  expect(ports).toHaveLength(new Set(ports).size);
  expect(ports).toContain(50052);
});
